//! The command line that every Toolwright server shares: serve, tools, call, config, doctor.
