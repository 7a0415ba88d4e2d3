//! Waiting for the database without going to sleep at once: a statement takes a fraction of the
//! time that waking up does.

use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// How often to look before the thread may sleep: some tens of microseconds in all.
const LOOKS: u32 = 2_000;
/// How long between two looks: the other side needs the same lock.
const BREATH: u32 = 30;

/// Does work that waits for many short statements.
pub async fn awake<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    poll_fn(move |context| {
        let mut look = Context::from_waker(Waker::noop());
        for _ in 0..LOOKS {
            if let Poll::Ready(done) = work.as_mut().poll(&mut look) {
                return Poll::Ready(done);
            }
            (0..BREATH).for_each(|_| std::hint::spin_loop());
        }
        work.as_mut().poll(context)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn what_takes_longer_is_waited_for_asleep() {
        let (send, receive) = tokio::sync::oneshot::channel();
        let sender = std::thread::spawn(move || {
            let (_kept, never) = std::sync::mpsc::channel::<()>();
            let _ = never.recv_timeout(Duration::from_millis(20));
            send.send(7)
        });
        assert_eq!(awake(receive).await, Ok(7));
        assert_eq!(sender.join().expect("it sent"), Ok(()));
    }
}
