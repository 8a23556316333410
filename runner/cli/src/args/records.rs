//! What officers, stewards and operators keep.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub(crate) enum Record {
    /// Propose what a file says; the file's name is the record's.
    Add {
        /// The TOML file.
        file: PathBuf,
    },
    /// Show a proposal and sign it too; by id, its beginning, or name. Without one, list what you could sign.
    Approve {
        /// The proposal.
        id: Option<String>,
    },
    /// List.
    Ls,
    /// Show one.
    Show {
        /// Its name.
        name: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum User {
    #[command(flatten)]
    Record(Record),
    /// Close an account: nobody signs in with it, and what it signed for others no longer counts.
    Disable {
        /// The account.
        name: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum Permit {
    #[command(flatten)]
    Record(Record),
    /// End a permit before its last day: its jobs stop, its requests close, what it made is marked for erasure.
    Withdraw {
        /// The permit.
        name: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum Data {
    /// Propose a dataset, and hand its files to the launcher.
    Add {
        /// `name@version`.
        name: String,
        /// Its files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The label of its rows.
        #[arg(long)]
        label: String,
        /// The label of its card, and so of dummies.
        #[arg(long)]
        card_label: String,
        /// Its card.
        #[arg(long)]
        card: PathBuf,
    },
    /// Show a proposal and sign it too. Without an id, list what you could sign.
    Approve {
        /// The proposal.
        id: Option<String>,
    },
    /// List.
    Ls,
    /// Show a card.
    Show {
        /// Its name.
        name: String,
    },
    /// Rows made from the card, never from the data.
    Dummy {
        /// The dataset, `name@version`.
        name: String,
    },
    /// Print a first draft of a card for a csv file, for the steward to read and mend.
    Draft {
        /// The csv file.
        file: PathBuf,
        /// The column whose values are people.
        #[arg(long)]
        id: Option<String>,
        /// What such a person is called.
        #[arg(long, default_value = "person")]
        unit: String,
    },
}

#[derive(Subcommand)]
pub(crate) enum Image {
    /// Build a recipe, and import what came of it.
    Build {
        /// The TOML file.
        recipe: PathBuf,
        /// Where built archives are kept [default: /var/cache/semla/images, or ~/.cache/semla/images for those who can't write there].
        #[arg(long)]
        cache: Option<PathBuf>,
    },
    /// Import a tar of a root filesystem, a `docker save` archive or an OCI layout.
    Import {
        /// The archive, or the folder of the layout.
        file: PathBuf,
        /// What people call it [default: the file's name].
        #[arg(long)]
        name: Option<String>,
        /// Its label [default: the lowest].
        #[arg(long)]
        label: Option<String>,
    },
    /// List.
    Ls,
    /// Show the exact versions of what is in it.
    Show {
        /// Its name.
        name: String,
    },
}
