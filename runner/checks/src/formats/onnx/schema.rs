//! The messages of an ONNX model that only name, type and annotate (onnx-ml.proto, IR version 14): they are read by these tables.

/// A kind of message.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) name: &'static str,
    pub(super) fields: &'static [(u32, Shape)],
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Int,
    Text,
    Of(&'static Message),
}

use Shape::{Int, Of, Text};

const fn message(name: &'static str, fields: &'static [(u32, Shape)]) -> Message {
    Message { name, fields }
}

pub(super) static ENTRY: Message = message("StringStringEntryProto", &[(1, Text), (2, Text)]);
pub(super) static OPERATORS: Message = message("OperatorSetIdProto", &[(1, Text), (2, Int)]);
pub(super) static VALUE: Message = message("ValueInfoProto", &[(1, Text), (2, Of(&TYPE)), (3, Text), (4, Of(&ENTRY))]);
pub(super) static ANNOTATION: Message = message("TensorAnnotation", &[(1, Text), (2, Of(&ENTRY))]);
pub(super) static CONFIGURATION: Message = message("DeviceConfigurationProto", &[(1, Text), (2, Int), (3, Text)]);
pub(super) static PLACEMENT: Message =
    message("NodeDeviceConfigurationProto", &[(1, Text), (2, Of(&SHARDING)), (3, Int)]);
pub(super) static TYPE: Message = message(
    "TypeProto",
    &[
        (1, Of(&TENSOR_TYPE)),
        (4, Of(&ELEMENT_TYPE)),
        (5, Of(&MAP_TYPE)),
        (6, Text),
        (7, Of(&OPAQUE_TYPE)),
        (8, Of(&TENSOR_TYPE)),
        (9, Of(&ELEMENT_TYPE)),
    ],
);

static TENSOR_TYPE: Message = message("TypeProto.Tensor", &[(1, Int), (2, Of(&TENSOR_SHAPE))]);
static ELEMENT_TYPE: Message = message("TypeProto.Sequence", &[(1, Of(&TYPE))]);
static MAP_TYPE: Message = message("TypeProto.Map", &[(1, Int), (2, Of(&TYPE))]);
static OPAQUE_TYPE: Message = message("TypeProto.Opaque", &[(1, Text), (2, Text)]);
static TENSOR_SHAPE: Message = message("TensorShapeProto", &[(1, Of(&DIMENSION))]);
static DIMENSION: Message = message("TensorShapeProto.Dimension", &[(1, Int), (2, Text), (3, Text)]);
static SHARDING: Message = message("ShardingSpecProto", &[(1, Text), (2, Int), (3, Of(&GROUPS)), (4, Of(&SHARDED))]);
static GROUPS: Message = message("IntIntListEntryProto", &[(1, Int), (2, Int)]);
static SHARDED: Message = message("ShardedDimProto", &[(1, Int), (2, Of(&SIMPLE))]);
static SIMPLE: Message = message("SimpleShardedDimProto", &[(1, Int), (2, Text), (3, Int)]);
