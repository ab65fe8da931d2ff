//! The rules of the network, on a clock that only moves when a test moves it.

mod accounts;
mod calls;
mod channels;
mod events;
mod faults;
mod groups;
mod messages;
mod model;
mod presence;
mod receipts;
mod replies;
mod sessions;
mod stage;
mod time;
