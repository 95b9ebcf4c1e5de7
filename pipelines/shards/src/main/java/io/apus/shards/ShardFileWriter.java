package io.apus.shards;

import io.apus.schemas.data.PackedRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.ipc.message.MessageSerializer;

/**
 * Writes one shard: an Arrow IPC file (columnar format 1.3) without compression whose buffers start at multiples of 64 bytes.
 *
 * <p>The bytes depend on the rows and their order only. The file appears under its name when {@link #finish} has forced it to disk;
 * several attempts at the same shard do not disturb each other. Not thread-safe.
 */
public final class ShardFileWriter implements AutoCloseable {
    /** A batch is written when it holds this many tokens, which bounds the memory of a writer to some 8 bytes a token. */
    private static final int BATCH_TOKENS = 1 << 20;

    static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
    static final int CONTINUATION = -1;

    private final Path file;
    private final Path temporary;
    private final int maxLength;
    private final ShardOutput output;
    private final List<ArrowBlock> blocks = new ArrayList<>();
    private final RowBatch batch = new RowBatch();
    private long rows;
    private long tokens;
    private long samples;
    private double lossWeightSum;

    /** Begins the shard number {@code index} of {@code folder}, for rows of at most {@code maxLength} tokens. */
    public ShardFileWriter(Path folder, int index, int maxLength) {
        this.file = folder.resolve(ShardFolder.fileName(index));
        this.temporary = AtomicFile.temporary(file);
        this.maxLength = maxLength;
        try {
            Files.createDirectories(folder);
            output = new ShardOutput(temporary);
            output.write(ByteBuffer.wrap(Arrays.copyOf(MAGIC, 8)));
            MessageSerializer.serialize(new WriteChannel(output), ShardSchema.SCHEMA);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void add(PackedRow row) {
        if (row.inputIds().length > maxLength) {
            throw new IllegalArgumentException("a row of " + row.inputIds().length + " tokens does not fit into "
                    + maxLength + ": " + row.sampleIds());
        }
        if (batch.rows() > 0 && batch.tokens() + row.inputIds().length > BATCH_TOKENS) {
            writeBatch();
        }
        batch.add(row);
        rows++;
        tokens += row.inputIds().length;
        samples += row.segmentLengths().length;
        lossWeightSum += row.lossWeightSum();
    }

    /** Tokens added so far. */
    public long tokens() {
        return tokens;
    }

    /** Writes what is left and the footer, and publishes the file. */
    public WrittenShard finish() {
        if (batch.rows() > 0) {
            writeBatch();
        }
        try {
            writeFooter();
            long bytes = output.position();
            String sha256 = output.finish();
            output.close();
            AtomicFile.publish(temporary, file);
            return new WrittenShard(file.getFileName().toString(), rows, tokens, bytes, sha256, samples, lossWeightSum);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeBatch() {
        long start = output.position();
        ByteBuffer message = BatchMessage.of(batch);
        long metadata = ShardSchema.align(start + 2L * Integer.BYTES + message.remaining()) - start;
        output.write(new int[] {CONTINUATION, (int) metadata - 2 * Integer.BYTES}, 2);
        output.write(message);
        output.align();
        batch.writeTo(output);
        blocks.add(new ArrowBlock(start, (int) metadata, output.position() - start - metadata));
        batch.clear();
    }

    private void writeFooter() {
        output.write(new int[] {CONTINUATION, 0}, 2);
        ByteBuffer footer = WriteChannel.serialize(new ArrowFooter(ShardSchema.SCHEMA, List.of(), blocks));
        int length = footer.remaining();
        output.write(footer);
        output.write(new int[] {length}, 1);
        output.write(ByteBuffer.wrap(MAGIC));
    }

    /** Drops the file unless it was finished. */
    @Override
    public void close() {
        try {
            output.close();
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
