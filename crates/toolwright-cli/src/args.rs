//! The command line's shape. Its flags are the settings.

use clap::builder::{OsStringValueParser, PossibleValuesParser};
use clap::{Arg, ArgAction, Command, value_parser};

use crate::App;
use crate::config::Client;
use crate::settings::Names;
use crate::settings::table::{self, Kind, Setting};

/// The command line of a server.
pub(crate) fn command(app: &App) -> Command {
    Command::new(app.name)
        .version(app.version)
        .about(app.about)
        .after_help(after_help(app))
        .args(settings(app).map(|setting| flag(setting, &app.names())))
        .subcommand(
            Command::new("serve").about("Serve the tools over stdio or HTTP; also without a subcommand"),
        )
        .subcommand(tools())
        .subcommand(call())
        .subcommand(config())
        .subcommand(
            Command::new("health")
                .about("Say by the exit code whether the HTTP server of these settings runs"),
        )
        .subcommand(
            Command::new("doctor")
                .about("Check the settings, the API, the key and its scopes, and say what to fix"),
        )
}

/// The settings that mean something to this program.
pub(crate) fn settings(app: &App) -> impl Iterator<Item = &'static Setting> {
    table::all().filter(|setting| app.sandbox.is_some() || !setting.is_for_sandbox())
}

fn after_help(app: &App) -> String {
    let name = app.name;
    let trial = match app.sandbox {
        Some(_) => format!("Try it without an account: {name} --sandbox doctor\n"),
        None => String::new(),
    };
    format!(
        "Each setting is a flag, an environment variable and a key of a TOML file. The flag wins over the variable, \
         the variable over the file.\n{trial}More: {}",
        app.docs
    )
}

fn tools() -> Command {
    let json = Arg::new("as-json")
        .long("json")
        .action(ArgAction::SetTrue)
        .help("Print what clients are sent as the list of tools, as JSON");
    Command::new("tools").about("Print the tools that are served with these settings").arg(json)
}

fn call() -> Command {
    let name = Arg::new("tool").value_name("NAME").required(true).help("The tool, such as `tools` prints it");
    let argument = Arg::new("argument")
        .long("arg")
        .short('a')
        .value_name("KEY=VALUE")
        .action(ArgAction::Append)
        .help("One argument of the tool. The value is read as JSON where the tool does not want a text");
    let json = Arg::new("arguments")
        .long("json")
        .short('j')
        .value_name("JSON")
        .help("Arguments as a JSON object, `-` to read it from stdin. Those given with --arg win");
    let output = Arg::new("output")
        .long("output")
        .short('o')
        .value_name("DIR")
        .value_parser(value_parser!(std::path::PathBuf))
        .help("Where images, sounds and files are written. The current folder, if not given");
    Command::new("call").about("Call one tool and print its result").args([name, argument, json, output])
}

fn config() -> Command {
    let client = Arg::new("client")
        .value_name("CLIENT")
        .required(true)
        .value_parser(PossibleValuesParser::new(Client::ALL.map(Client::as_str)))
        .help("The program that will start this server");
    Command::new("config")
        .about("Print what a client needs to start this server with these settings")
        .arg(client)
}

fn flag(setting: &Setting, names: &Names) -> Arg {
    let arg = Arg::new(setting.key)
        .long(setting.flag())
        .global(true)
        .value_name(setting.placeholder())
        .value_parser(OsStringValueParser::new())
        .help(help(setting, names))
        .help_heading(setting.group);
    match setting.kind {
        Kind::Switch => arg.num_args(0..=1).require_equals(true).default_missing_value("true"),
        Kind::List => arg.action(ArgAction::Append),
        _ => arg,
    }
}

fn help(setting: &Setting, names: &Names) -> String {
    let mut places = vec![format!("env: {}", setting.variable(names))];
    if let Some((host, port)) = setting.own_address(names) {
        places.push(format!("or env: {host} and {port}"));
    }
    if setting.in_file {
        places.push(format!("file: {}", setting.key));
    }
    let default = setting.default(names);
    if !default.is_empty() {
        places.push(format!("default: {default}"));
    }
    format!("{} [{}]", setting.meaning, places.join("; "))
}
