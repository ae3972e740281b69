//! The web face: a page over HTTP beside nginx, and what the program takes to start and to stand by. nginx and wrk take part where they are installed.
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has no result")]
#![expect(clippy::print_stdout, reason = "the table is the result")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How many pairs are measured, after one to warm up.
const PAIRS: usize = 9;
/// For how long wrk asks in one measurement, with how many connections.
const ASKING: [&str; 4] = ["-t1", "-c32", "-d2s", "--latency"];
/// A sesi with pictures, tables and readings.
const PAGE: &str = "/sesi/gizi-dan-layanan-kesehatan-ibu-hamil";

#[expect(clippy::disallowed_methods, reason = "a bench is about the time that passes")]
fn now() -> Instant {
    Instant::now()
}

fn median(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[0], values[values.len() / 2], values[values.len() - 1])
}

/// A process that ends with its value.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn main() {
    program();
    pages();
}

/// Starts the program on a directory and gives the time to its first answer.
fn start(data: &Path, port: u16) -> (Running, Duration) {
    let begin = now();
    let child = Command::new(env!("CARGO_BIN_EXE_p2k2"))
        .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let running = Running(child);
    while body(port, "/health", "").is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    (running, begin.elapsed())
}

/// The head and the body of an answer; none where nobody answers or not with 200.
fn body(port: u16, path: &str, coding: &str) -> Option<(String, Vec<u8>)> {
    let mut stream = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port))).ok()?;
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: {coding}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8(answer[..end].to_vec()).ok()?;
    head.starts_with("HTTP/1.1 200").then(|| (head, answer[end + 4..].to_vec()))
}

/// The proportional set size of a process in MiB.
fn proportional(process: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap();
    let line = text.lines().find(|line| line.starts_with("Pss:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

/// A made-up district in `data`, as `demo` makes it.
fn district(data: &Path) {
    let port = free_port();
    let mut child = Command::new(env!("CARGO_BIN_EXE_p2k2"))
        .args(["demo", "--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = lines.map_while(Result::ok).any(|line| line.starts_with("siap:"));
    assert!(ready, "the demo did not start");
    let process = child.id().to_string();
    Command::new("kill").args(["-TERM", &process]).status().unwrap();
    child.wait().unwrap();
}

/// Start and memory of one district.
fn program() {
    let dir = tempfile::tempdir().unwrap();
    district(dir.path());
    let (mut starts, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        let (running, took) = start(dir.path(), free_port());
        starts.push(took.as_secs_f64());
        idle.push(proportional(running.0.id()));
        Command::new("kill").args(["-TERM", &running.0.id().to_string()]).status().unwrap();
        let mut running = running;
        running.0.wait().unwrap();
    }
    let (least, middle, most) = median(starts);
    println!("start to the first 200, one district: {middle:.3} s ({least:.3} to {most:.3})");
    let (least, middle, most) = median(idle);
    println!("idle memory, proportional: {middle:.1} MiB ({least:.1} to {most:.1})");
}

/// nginx with the same bytes under the same address.
fn nginx(dir: &Path, port: u16, (head, bytes): &(String, Vec<u8>)) -> Option<Running> {
    let file = dir.join(PAGE.trim_start_matches('/'));
    std::fs::create_dir_all(file.parent()?).unwrap();
    std::fs::write(&file, bytes).unwrap();
    let headers: String = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .filter(|(name, _)| {
            !["content-length", "date", "etag", "connection", "content-type"].contains(name)
        })
        .map(|(name, value)| format!("add_header {name} \"{value}\";\n"))
        .collect();
    let root = dir.display();
    let config = format!(
        "daemon off; worker_processes 2; pid {root}/nginx.pid; error_log {root}/error.log;\n\
         events {{ worker_connections 256; }}\n\
         http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;\n\
         open_file_cache max=16; client_body_temp_path {root}/t1; proxy_temp_path {root}/t2;\n\
         fastcgi_temp_path {root}/t3; uwsgi_temp_path {root}/t4; scgi_temp_path {root}/t5;\n\
         server {{ listen 127.0.0.1:{port}; root {root}; default_type text/html; {headers} }} }}\n"
    );
    // Its workers drop root's rights, and a temporary directory is closed to everybody else.
    let config = format!("user root;\n{config}");
    std::fs::write(dir.join("nginx.conf"), config).unwrap();
    let child = Command::new("nginx")
        .arg("-c")
        .arg(dir.join("nginx.conf"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let running = Running(child);
    for _ in 0..200 {
        if let Some((_, found)) = body(port, PAGE, "gzip") {
            assert!(found == *bytes, "nginx serves other bytes");
            return Some(running);
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    None
}

/// Answers a second, as wrk counts them; none without wrk.
fn rate(port: u16, headers: &[&str]) -> Option<f64> {
    let mut wrk = Command::new("wrk");
    wrk.args(ASKING).args(headers.iter().flat_map(|header| ["-H", header]));
    let output = wrk.arg(format!("http://127.0.0.1:{port}{PAGE}")).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    assert!(!text.contains("Non-2xx"), "{text}");
    let line = text.lines().find_map(|line| line.strip_prefix("Requests/sec:"))?;
    line.trim().parse().ok()
}

/// The page of a sesi, compressed: kept, and made anew for somebody with a cookie.
fn pages() {
    let dir = tempfile::tempdir().unwrap();
    district(dir.path());
    let port = free_port();
    let (_program, _) = start(dir.path(), port);
    let page = body(port, PAGE, "gzip").unwrap();
    let files = tempfile::tempdir().unwrap();
    let theirs = free_port();
    let Some(_nginx) = nginx(files.path(), theirs, &page) else {
        println!("pages beside nginx: nginx is not installed");
        return;
    };
    println!();
    println!("| page of a sesi, {} bytes compressed | answers/s | nginx/s | ratio |", page.1.len());
    println!("|---|---|---|---|");
    let gzip = "Accept-Encoding: gzip";
    for (what, headers) in [
        ("as everybody sees it, kept", vec![gzip]),
        ("made and compressed anew", vec![gzip, "Cookie: lain=1"]),
    ] {
        let (mut rates, mut others, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for pair in 0..=PAIRS {
            let Some((ours, reference)) = rate(port, &headers).zip(rate(theirs, &[gzip])) else {
                println!("wrk is not installed");
                return;
            };
            if pair > 0 {
                rates.push(ours);
                others.push(reference);
                ratios.push(ours / reference);
            }
        }
        let (least, middle, most) = median(ratios);
        println!(
            "| {what} | {:.0} | {:.0} | {middle:.2}x ({least:.2}x to {most:.2}x) |",
            median(rates).1,
            median(others).1
        );
    }
}
