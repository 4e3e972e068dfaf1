//! `vrs-node`: the node of one participant. The five steps (read arguments, load the settings, open, serve, stop) are in
//! `commands/life.rs`, so that the demo can take them too.

use vrs_runtime::exit::Exit;

fn main() -> Exit {
    vrs_node::commands::main(std::env::args_os())
}
