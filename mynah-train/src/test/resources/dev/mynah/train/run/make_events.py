"""Makes events.tfevents, the bytes that TensorBoardWriterTest expects, with TensorBoard's own classes.

Run with: pip install tensorboard==2.21.0 protobuf==7.36.2, then python make_events.py
The clock stands at 1_700_000_000.25 s; a run is gone on with at step 3.
"""

import pathlib

from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

NOW = 1_700_000_000.25


def main():
    with open(pathlib.Path(__file__).parent / "events.tfevents", "wb") as file:
        writer = RecordWriter(file)

        def write(**fields):
            writer.write(event_pb2.Event(wall_time=NOW, **fields).SerializeToString(deterministic=True))

        def value(step, **fields):
            write(step=step, summary=summary_pb2.Summary(value=[summary_pb2.Summary.Value(**fields)]))

        write(file_version="brain.Event:2")
        write(step=3, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START))
        value(3, tag="train/loss", simple_value=2.5)
        value(300, tag="train/loss", simple_value=0.1)
        text = tensor_pb2.TensorProto(
            dtype="DT_STRING",
            tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=1)]),
            string_val=["春眠 *x*".encode()],
        )
        plugin = summary_pb2.SummaryMetadata.PluginData(plugin_name="text")
        value(300, tag="sample", tensor=text, metadata=summary_pb2.SummaryMetadata(plugin_data=plugin))


if __name__ == "__main__":
    main()
