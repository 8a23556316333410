//! The main job, told as it happens: `make demo`.

fn main() {
    semla_tests::demo::run();
}
