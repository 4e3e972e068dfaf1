//! What may stand on the command line.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use vrs_certs::Holder;
use vrs_protocol::id::ParticipantCode;

/// A small certificate authority for one region of the Voluntary Reporting System.
#[derive(Debug, Parser)]
#[command(name = "vrs-certs", version, about, max_term_width = 100)]
pub(crate) struct Arguments {
    /// Folder that holds `authority/` (operator) or `keys/` (participant).
    #[arg(long, global = true, default_value = ".", value_name = "DIR")]
    pub(crate) dir: PathBuf,
    /// Print facts as JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make the authority of a region, or renew and mend the one that is there.
    ///
    /// An issuing certificate that ends within 60 days is renewed; one whose key is missing is replaced and revoked.
    /// Both need authority/root.key in its place.
    Init {
        /// The region's name, as its charter has it.
        #[arg(long, value_name = "NAME")]
        region: String,
    },
    /// Make a node's keys and a bundle to send to the region's operator.
    ///
    /// Keys and a bundle that are there already are kept, so the fingerprint stays the same.
    Request {
        /// The participant's code, such as AUS.
        #[arg(long, value_name = "CODE")]
        participant: ParticipantCode,
    },
    /// Sign a participant's bundle, after its fingerprint was compared by telephone.
    Sign {
        /// The bundle the participant has sent.
        #[arg(value_name = "BUNDLE")]
        bundle: PathBuf,
        /// The fingerprint as the participant reads it; asked for when it is not given.
        #[arg(long, value_name = "FINGERPRINT")]
        fingerprint: Option<String>,
    },
    /// Revoke every certificate of a participant, or of the hub (`hub`).
    ///
    /// A participant gets no new one by itself then, also where all had ended: only `sign` lets it in again.
    Revoke {
        /// The participant's code, or `hub`.
        #[arg(value_name = "CODE")]
        holder: Holder,
    },
    /// Tell what is in a file: a certificate, chain, revocation list, request, bundle or key.
    Show {
        /// The file, PEM or DER.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}
