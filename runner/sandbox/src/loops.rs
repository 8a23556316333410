//! Loop devices (loop(4)): a file of the host as a block device, until nothing is mounted of it any more.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind};
use std::os::fd::AsRawFd;

const LOOP_CTL_GET_FREE: libc::Ioctl = 0x4C82;
const LOOP_CONFIGURE: libc::Ioctl = 0x4C0A;
const LO_FLAGS_AUTOCLEAR: u32 = 4;
const LO_FLAGS_DIRECT_IO: u32 = 16;

/// How often a device that was free is taken by somebody else before one is had.
const TRIES: u32 = 64;

/// struct loop_info64 of the kernel.
#[repr(C)]
struct Info {
    device: u64,
    inode: u64,
    rdevice: u64,
    offset: u64,
    size_limit: u64,
    number: u32,
    encrypt_type: u32,
    encrypt_key_size: u32,
    flags: u32,
    file_name: [u8; 64],
    crypt_name: [u8; 64],
    encrypt_key: [u8; 32],
    init: [u64; 2],
}

/// struct loop_config of the kernel (Linux 5.8).
#[repr(C)]
struct Config {
    fd: u32,
    block_size: u32,
    info: Info,
    reserved: [u64; 8],
}

/// A loop device. It goes when neither this nor a mount has it.
pub(crate) struct Loop {
    number: libc::c_int,
    _device: File,
}

impl Loop {
    /// Its node.
    pub(crate) fn path(&self) -> String {
        format!("/dev/loop{}", self.number)
    }
}

/// Makes a device of a file. What is read and written passes by the page cache of the file itself, where its filesystem allows it.
pub(crate) fn attach(file: &File) -> Result<Loop, Error> {
    let control = OpenOptions::new().read(true).write(true).open("/dev/loop-control")?;
    for _ in 0..TRIES {
        // SAFETY: the call takes no argument.
        let number = unsafe { libc::ioctl(control.as_raw_fd(), LOOP_CTL_GET_FREE) };
        if number < 0 {
            return Err(Error::last_os_error());
        }
        let device = OpenOptions::new().read(true).write(true).open(format!("/dev/loop{number}"))?;
        match configure(&device, file) {
            Ok(()) => return Ok(Loop { number, _device: device }),
            // Two asked at a time, and the other one was first.
            Err(error) if error.raw_os_error() == Some(libc::EBUSY) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::new(ErrorKind::ResourceBusy, "every loop device was taken by somebody else"))
}

fn configure(device: &File, file: &File) -> Result<(), Error> {
    // SAFETY: a structure of numbers may be all zeros.
    let mut config: Config = unsafe { std::mem::zeroed() };
    config.fd = file.as_raw_fd().cast_unsigned();
    config.info.flags = LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO;
    // SAFETY: the structure has the layout that the kernel reads, and outlives the call.
    match unsafe { libc::ioctl(device.as_raw_fd(), LOOP_CONFIGURE, &raw const config) } {
        0 => Ok(()),
        _ => Err(Error::last_os_error()),
    }
}
