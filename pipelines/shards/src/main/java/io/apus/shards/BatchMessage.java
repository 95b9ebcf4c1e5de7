package io.apus.shards;

import com.google.flatbuffers.FlatBufferBuilder;
import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;

/** The flatbuffer in front of a record batch's body (Arrow columnar format 1.3, Message.fbs). */
final class BatchMessage {
    private BatchMessage() {}

    static ByteBuffer of(RowBatch batch) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        int nodes = nodes(builder, batch.nodeLengths());
        long[] lengths = batch.bufferLengths();
        int buffers = buffers(builder, lengths);
        int header = RecordBatch.createRecordBatch(builder, batch.rows(), nodes, buffers, 0);
        int message = Message.createMessage(
                builder, MetadataVersion.V5, MessageHeader.RecordBatch, header, bodyLength(lengths), 0);
        Message.finishMessageBuffer(builder, message);
        return builder.dataBuffer();
    }

    static long bodyLength(long[] bufferLengths) {
        long total = 0;
        for (long length : bufferLengths) {
            total += ShardSchema.align(length);
        }
        return total;
    }

    private static int nodes(FlatBufferBuilder builder, long[] lengths) {
        RecordBatch.startNodesVector(builder, lengths.length);
        for (int i = lengths.length - 1; i >= 0; i--) {
            FieldNode.createFieldNode(builder, lengths[i], 0);
        }
        return builder.endVector();
    }

    /** Vectors of structs are built back to front. */
    private static int buffers(FlatBufferBuilder builder, long[] lengths) {
        long end = bodyLength(lengths);
        RecordBatch.startBuffersVector(builder, lengths.length);
        for (int i = lengths.length - 1; i >= 0; i--) {
            end -= ShardSchema.align(lengths[i]);
            Buffer.createBuffer(builder, end, lengths[i]);
        }
        return builder.endVector();
    }
}
