//! `rollcall modem call` against a modem made of two terminals: one for commands, one for sound.

use super::{Cli, Outcome};
use clap::Parser;
use rollcall_drivers::audio::frame::{Frame, RATE, SAMPLES};
use rollcall_drivers::audio::wav::{self, Wav};
use rollcall_drivers::port::pty::Pty;
use std::path::Path;

/// What the other side does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Other {
    Answers,
    IsBusy,
}

/// Answers as a modem that keeps to the standard; a call is answered at the third look.
async fn commands(line: &Pty, other: Other) {
    let (mut heard, mut buffer, mut looks, mut calls) = (Vec::new(), [0; 256], 0, false);
    loop {
        let count = line.read(&mut buffer).await.expect("the command goes on");
        heard.extend_from_slice(&buffer[..count]);
        while let Some(end) = heard.iter().position(|byte| *byte == b'\r') {
            let command: Vec<u8> = heard.drain(..=end).filter(|byte| *byte > 0x1f).collect();
            let command = String::from_utf8(command).expect("commands are letters");
            let answer = match command.as_str() {
                "AT+CSQ" => "+CSQ: 17,99\r\n",
                "AT+CMEE?" => "+CMEE: 1\r\n",
                "AT+CGSN" => "356938035643809\r\n",
                "AT+CPIN?" => "+CPIN: READY\r\n",
                "AT+CNMI?" => "+CNMI: 2,1,0,2,0\r\n",
                "AT+CSCA?" => "+CSCA: \"+231770000099\",145\r\n",
                "AT+CLCC" if calls => {
                    looks += 1;
                    match looks {
                        1 | 2 => "+CLCC: 1,0,3,0,0,\"+231886000001\",145\r\n",
                        _ => "+CLCC: 1,0,0,0,0,\"+231886000001\",145\r\n",
                    }
                }
                _ => "",
            };
            let result = match (command.starts_with("ATD"), other) {
                (true, Other::IsBusy) => "BUSY",
                (true | false, _) => "OK",
            };
            calls = (calls || command.starts_with("ATD")) && command != "AT+CHUP";
            let said = if answer.is_empty() { "" } else { "\r\n" };
            let said = format!("{said}{answer}\r\n{result}\r\n");
            line.write(said.as_bytes()).expect("the command goes on");
        }
    }
}

/// Gives a frame for each that it gets: the key `7` once it has heard the prompt.
async fn sound(line: &Pty, played: &mut Vec<i16>) {
    let (mut octets, mut have, mut said) = ([0; Frame::OCTETS], 0, 0);
    loop {
        have += line.read(&mut octets[have..]).await.expect("the command goes on");
        if have < octets.len() {
            continue;
        }
        have = 0;
        played.extend(Frame::from_octets(&octets).0);
        said += usize::from(said > 0 || played.iter().any(|sample| *sample != 0));
        let frame = if (5..11).contains(&said) { seven(said) } else { Frame::SILENCE };
        line.write(&frame.to_octets()).expect("the command goes on");
    }
}

fn seven(nth: usize) -> Frame {
    let sample = |at: usize| {
        let angle = std::f64::consts::TAU * (nth * SAMPLES + at) as f64 / f64::from(RATE);
        ((angle * 852.0).sin() * 6_000.0 + (angle * 1_209.0).sin() * 6_000.0) as i16
    };
    Frame(std::array::from_fn(sample))
}

async fn call(line: &Pty, audio: &Pty, more: &[&str]) -> Outcome {
    let (port, audio) = (line.path().display().to_string(), audio.path().display().to_string());
    let begin = ["rollcall", "--json", "modem", "call", "+231886000001"];
    let ports = ["--port", &port, "--audio", &audio];
    let all = begin.iter().chain(&ports).chain(more);
    let command = Cli::try_parse_from(all).expect("it can be typed");
    command.run().await.expect("nothing breaks")
}

fn pair() -> [Pty; 2] {
    [(); 2].map(|()| Pty::open().expect("the system has pseudo-terminals"))
}

fn file(folder: &Path, name: &str) -> String {
    folder.join(name).display().to_string()
}

#[tokio::test]
async fn a_number_is_called_hears_a_recording_and_is_heard() {
    let folder = tempfile::tempdir().expect("a folder");
    let [line, audio] = pair();
    let (greeting, ears) = (file(folder.path(), "greeting.wav"), file(folder.path(), "ears.wav"));
    let mouth = file(folder.path(), "mouth.wav");
    std::fs::write(&greeting, wav::write(RATE, &[500; 4_000])).expect("the folder is ours");
    std::fs::write(&mouth, wav::write(RATE, &[30; 1_600])).expect("the folder is ours");
    let more = ["--play", &greeting, "--mouth", &mouth, "--ears", &ears, "--seconds", "1"];
    let mut played = Vec::new();
    let outcome = tokio::select! {
        () = commands(&line, Other::Answers) => unreachable!("it answers for ever"),
        () = sound(&audio, &mut played) => unreachable!("it sounds for ever"),
        outcome = call(&line, &audio, &more) => outcome,
    };
    assert_eq!(outcome, Outcome::Done);
    assert_eq!(played.iter().filter(|sample| **sample >= 500).count(), 4_000);
    assert_eq!(played.iter().filter(|sample| **sample == 530).count(), 1_600);
    let heard = std::fs::read(&ears).expect("it was written");
    let heard = Wav::read(&heard).expect("it is a recording").samples;
    assert!(heard.iter().any(|sample| *sample > 5_000), "the key is in it");
}

#[tokio::test]
async fn a_call_that_nobody_takes_is_something_to_look_at() {
    let [line, audio] = pair();
    let outcome = tokio::select! {
        () = commands(&line, Other::IsBusy) => unreachable!("it answers for ever"),
        outcome = call(&line, &audio, &[]) => outcome,
    };
    assert_eq!(outcome, Outcome::LookAt);
}

#[tokio::test]
async fn a_recording_that_is_missing_is_said_before_anybody_is_called() {
    let [line, audio] = pair();
    let outcome = call(&line, &audio, &["--play", "/nowhere/greeting.wav"]).await;
    assert_eq!(outcome, Outcome::NotFound);
}

#[tokio::test]
async fn a_call_goes_through_the_service_that_has_the_stick() {
    let folder = tempfile::tempdir().expect("a folder");
    let [line, audio] = pair();
    let settings = format!(
        "channels:\n- name: stick-1\n  modem: {{port: {}}}\n  audio: {}\n",
        line.path().display(),
        audio.path().display()
    );
    std::fs::write(folder.path().join("rollcall.yaml"), settings).expect("the folder is ours");
    let greeting = file(folder.path(), "greeting.wav");
    std::fs::write(&greeting, wav::write(RATE, &[500; 4_000])).expect("the folder is ours");
    let office = folder.path().display().to_string();
    let serve = Cli::try_parse_from(["rollcall", "--office", &office, "serve"]);
    let begin = ["rollcall", "--office", &office, "--json", "modem", "call", "0886000001"];
    let call = async {
        loop {
            let more = ["--play", &greeting];
            let all = begin.iter().chain(&more);
            let command = Cli::try_parse_from(all).expect("it can be typed");
            // Until the stick is ready it is refused.
            match command.run().await.expect("nothing breaks") {
                Outcome::Failed => tokio::task::yield_now().await,
                outcome => return outcome,
            }
        }
    };
    let ready = async {
        while !folder.path().join("data/control.json").exists() {
            tokio::task::yield_now().await;
        }
        call.await
    };
    let mut played = Vec::new();
    let outcome = tokio::select! {
        ended = serve.expect("it can be typed").run() => panic!("the service ended: {ended:?}"),
        () = commands(&line, Other::Answers) => unreachable!("it answers for ever"),
        () = sound(&audio, &mut played) => unreachable!("it sounds for ever"),
        outcome = ready => outcome,
    };
    assert_eq!(outcome, Outcome::Done);
    assert!(played.iter().filter(|sample| **sample == 500).count() > 0);
}
