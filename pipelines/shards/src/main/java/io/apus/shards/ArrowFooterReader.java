package io.apus.shards;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;

/** Finds the record batches of an Arrow IPC file; every number in it is checked before it is used. */
final class ArrowFooterReader {
    private static final int HEAD = 8;
    private static final int TAIL = Integer.BYTES + ShardFileWriter.MAGIC.length;
    private static final int LARGEST_METADATA = 64 << 20;

    private final Path file;
    private final FileChannel channel;
    private final long size;

    ArrowFooterReader(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.size = channel.size();
    }

    /** The batches in file order. */
    List<BatchLocation> batches() throws IOException {
        require(size >= HEAD + TAIL, "it has only " + size + " bytes");
        requireMagic(0);
        requireMagic(size - ShardFileWriter.MAGIC.length);
        int footerLength = read(size - TAIL, Integer.BYTES).getInt(0);
        require(
                footerLength > 0 && footerLength <= Math.min(LARGEST_METADATA, size - HEAD - TAIL),
                "its footer claims " + footerLength + " bytes");
        long footerStart = size - TAIL - footerLength;
        Footer footer = Footer.getRootAsFooter(read(footerStart, footerLength));
        require(
                footer.schema().endianness() == Endianness.Little
                        && Schema.convertSchema(footer.schema()).equals(ShardSchema.SCHEMA),
                "its columns are not those of a shard");
        List<BatchLocation> batches = new ArrayList<>();
        long end = HEAD;
        for (int i = 0; i < footer.recordBatchesLength(); i++) {
            BatchLocation batch = batch(footer.recordBatches(i), end, footerStart);
            batches.add(batch);
            end = batch.bodyStart() + batch.bodyLength();
        }
        return batches;
    }

    private BatchLocation batch(Block block, long earliest, long latest) throws IOException {
        long start = block.offset();
        int metadata = block.metaDataLength();
        long body = block.bodyLength();
        require(
                start >= earliest
                        && start <= latest
                        && metadata > HEAD
                        && metadata <= LARGEST_METADATA
                        && body >= 0
                        && body <= Integer.MAX_VALUE
                        && start + metadata + body <= latest,
                "a record batch claims bytes " + start + " to " + (start + metadata + body) + " of " + latest);
        ByteBuffer head = read(start, metadata);
        int length = head.getInt(Integer.BYTES);
        require(
                head.getInt(0) == ShardFileWriter.CONTINUATION && length > 0 && length <= metadata - HEAD,
                "a record batch's message claims " + length + " bytes");
        Message message = Message.getRootAsMessage(head.slice(HEAD, length).order(ByteOrder.LITTLE_ENDIAN));
        require(
                message.headerType() == MessageHeader.RecordBatch && message.bodyLength() == body,
                "a record batch's message does not describe it");
        RecordBatch header = (RecordBatch) message.header(new RecordBatch());
        return location(header, start + metadata, body);
    }

    private BatchLocation location(RecordBatch header, long bodyStart, long bodyLength) {
        require(
                header != null
                        && header.compression() == null
                        && header.nodesLength() == ShardSchema.NODES
                        && header.buffersLength() == ShardSchema.BUFFERS
                        && header.length() >= 0
                        && header.length() < Integer.MAX_VALUE,
                "a record batch does not have the columns of a shard");
        for (int i = 0; i < ShardSchema.NODES; i++) {
            require(header.nodes(i).nullCount() == 0, "it has nulls");
        }
        long[] offsets = new long[ShardSchema.BUFFERS];
        long[] lengths = new long[ShardSchema.BUFFERS];
        for (int i = 0; i < ShardSchema.BUFFERS; i++) {
            offsets[i] = header.buffers(i).offset();
            lengths[i] = header.buffers(i).length();
            require(
                    offsets[i] >= 0
                            && lengths[i] >= 0
                            && offsets[i] % Long.BYTES == 0
                            && offsets[i] <= bodyLength
                            && lengths[i] <= bodyLength - offsets[i],
                    "buffer " + i + " claims " + lengths[i] + " bytes at " + offsets[i] + " of " + bodyLength);
        }
        return new BatchLocation((int) header.length(), bodyStart, (int) bodyLength, offsets, lengths);
    }

    private void requireMagic(long position) throws IOException {
        byte[] found = new byte[ShardFileWriter.MAGIC.length];
        read(position, found.length).get(found);
        require(Arrays.equals(found, ShardFileWriter.MAGIC), "it is not an Arrow file");
    }

    private ByteBuffer read(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes, position + bytes.position());
            require(read >= 0, "it ends at byte " + (position + bytes.position()));
        }
        return bytes.flip();
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw ShardDamage.of(file, otherwise);
        }
    }
}
