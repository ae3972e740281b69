//! The state kept in other forms says the same as the state: columns, snapshots, packed facts.

mod columns;
mod events;
mod restart;
mod shelved;
mod snapshot;
