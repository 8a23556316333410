//! Cgroups: the sweep by a fence, on the hierarchies that are mounted here.

use crate::case::Lab;

crate::tests!(a_sweep_of_nothing_is_no_error);

fn a_sweep_of_nothing_is_no_error(lab: &Lab) {
    lab.ground.sweep(&lab.fence()).unwrap();
}
