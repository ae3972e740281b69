//! Who uses the program and what each of them may do: accounts, roles, grants and the one policy.
//!
//! Pure: no I/O, clock or randomness.

pub mod account;
pub mod policy;

pub use account::{Account, AccountId, Grant, Login, LoginError, Role};
