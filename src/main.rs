//! p2k2: the material of P2K2 meetings found, printed, recorded and counted.

fn main() -> std::process::ExitCode {
    p2k2::cli::main()
}
