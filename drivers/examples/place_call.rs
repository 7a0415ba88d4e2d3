//! Calls a number, plays a recording to it, and shows the keys that are pressed.
//!
//! ```text
//! place_call PORT NUMBER [SOUND-PORT RECORDING.wav]
//! ```
//!
//! Without a port for sound the call is only placed, and ended when it is answered.

use std::path::Path;
use std::time::Duration;

use rollcall_drivers::audio::call_audio::{self, BargeIn, Digits};
use rollcall_drivers::audio::digit::Digit;
use rollcall_drivers::audio::prompt::Clip;
use rollcall_drivers::link;
use rollcall_drivers::modem::{AttemptId, CallEvent, CallId, Command, Event, Settings};
use rollcall_drivers::port::voice::{News, Order, Voice};
use rollcall_drivers::port::{serial, sound};
use tokio::sync::mpsc;

const CALL: CallId = CallId::Placed(AttemptId(1));
/// Keys are waited for so long after the recording.
const WAIT: Duration = Duration::from_secs(10);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (port, number, sound) = match &arguments[..] {
        [port, number] => (port, number.clone(), None),
        [port, number, sound, file] => {
            let clip = Clip::from_wav(&std::fs::read(file)?)?;
            (port, number.clone(), Some((sound.clone(), clip)))
        }
        _ => return Err("place_call PORT NUMBER [SOUND-PORT RECORDING.wav]".into()),
    };
    let mut modem = link::spawn(Settings::default(), serial::open(Path::new(port))?);
    let (tell, mut news) = mpsc::unbounded_channel();
    let (mut voice, mut answered): (Option<Voice>, bool) = (None, false);
    loop {
        tokio::select! {
            event = modem.events.recv() => match event.ok_or("the modem is gone")? {
                Event::Ready(_) => {
                    let number = number.clone();
                    modem.commands.send(Command::Dial { attempt: AttemptId(1), number })?;
                }
                Event::Call(CALL, what) => {
                    println!("{what}");
                    match (what, &sound) {
                        // Some modems have sound while it rings there, some when it is answered.
                        (CallEvent::SoundOn, Some((port, _))) => {
                            let tell = tell.clone();
                            let opened = sound::open(Path::new(port))?;
                            voice = Some(Voice::start(opened, move |news| drop(tell.send(news)))?);
                        }
                        (CallEvent::Answered, Some(_)) => answered = true,
                        (CallEvent::Answered, None) | (CallEvent::NoSound(_), _) => {
                            modem.commands.send(Command::HangUp { call: CALL })?;
                        }
                        (CallEvent::Ended(_), _) => return Ok(()),
                        _ => {}
                    }
                    if let (Some(voice), true, Some((_, clip))) = (&voice, answered, &sound) {
                        answered = false;
                        voice.order(Order::Answered);
                        voice.order(ask(vec![clip.clone()]));
                    }
                }
                Event::NeedsAttention(trouble) => return Err(trouble.to_string().into()),
                Event::Lost(why) => return Err(why.to_string().into()),
                _ => {}
            },
            Some(news) = news.recv() => match (news, &voice) {
                (News::Turn(_, call_audio::Event::Collected { digits, .. }), Some(voice)) => {
                    println!("pressed: {digits:?}");
                    voice.order(ask(Vec::new()));
                }
                (News::Fault(why), _) => return Err(why.into()),
                (News::Over(tally), _) => println!("{tally}"),
                (News::Turn(..), _) => modem.commands.send(Command::HangUp { call: CALL })?,
            },
        }
    }
}

/// One key at a time; it interrupts what is played.
fn ask(clips: Vec<Clip>) -> Order {
    let end_with = Some(Digit::HASH);
    let digits = Digits { min: 1, max: 1, end_with, first: WAIT, between: WAIT };
    Order::Ask(1, clips, digits, BargeIn::Yes)
}
