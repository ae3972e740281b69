//! The least that durable recording can cost: a queue, one write and one sync for all that wait.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use super::world::WRITERS;
use super::{Pace, now, processor};

/// As many as the program takes at once.
const BATCH: usize = 512;

struct Line {
    bytes: Vec<u8>,
    safe: oneshot::Sender<()>,
}

/// Appends what waits until nobody can send any more; gives the number of syncs.
fn write(mut file: File, lines: &Receiver<Line>) -> u64 {
    let (mut buffer, mut waiting) = (Vec::new(), Vec::new());
    let mut syncs = 0;
    while let Ok(first) = lines.recv() {
        waiting.push(first);
        while waiting.len() < BATCH
            && let Ok(next) = lines.try_recv()
        {
            waiting.push(next);
        }
        buffer.clear();
        waiting.iter().for_each(|line| buffer.extend_from_slice(&line.bytes));
        file.write_all(&buffer).unwrap();
        file.sync_data().unwrap();
        syncs += 1;
        waiting.drain(..).for_each(|line| line.safe.send(()).unwrap());
    }
    syncs
}

/// Everybody appends `each` lines of the sample, each waiting until it is safe.
pub(super) fn append(runtime: &Runtime, sample: &[Vec<u8>], each: usize) -> Pace {
    let file = tempfile::tempfile().unwrap();
    let (queue, lines) = sync_channel(1_024);
    let sample = Arc::new(sample.to_vec());
    let (before, start) = (processor(), now());
    let writing = std::thread::spawn(move || write(file, &lines));
    runtime.block_on(async {
        let writer = |writer: usize| {
            let (queue, sample) = (queue.clone(), Arc::clone(&sample));
            tokio::spawn(async move {
                for number in 0..each {
                    let bytes = sample[(writer + number) % sample.len()].clone();
                    let (safe, done) = oneshot::channel();
                    assert!(queue.try_send(Line { bytes, safe }).is_ok());
                    done.await.unwrap();
                }
            })
        };
        let writers: Vec<_> = (0..WRITERS).map(writer).collect();
        for writer in writers {
            writer.await.unwrap();
        }
    });
    let (time, processor) = (start.elapsed(), processor() - before);
    drop(queue);
    Pace { records: WRITERS * each, time, syncs: writing.join().unwrap(), processor }
}
