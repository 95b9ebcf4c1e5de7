package io.apus.shards;

import io.apus.schemas.UserError;
import io.apus.schemas.manifest.ShardManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Verifies one shard file and maps its record batches; neighbouring batches share a mapping of at most 1 GiB. */
final class MappedShard {
    private static final long LARGEST_MAPPING = 1L << 30;

    private final Path file;
    private final FileChannel channel;
    private ByteBuffer mapping;
    private long mappingStart;

    private MappedShard(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** The batches of {@code shard}, checked against what the manifest says of it. */
    static List<MappedBatch> open(Path folder, ShardManifest.Shard shard, int maxLength) {
        Path file = folder.resolve(shard.path());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            verify(file, channel, shard);
            List<MappedBatch> batches = new MappedShard(file, channel).map();
            verifyContent(file, shard, batches, maxLength);
            return batches;
        } catch (NoSuchFileException e) {
            throw ShardDamage.of(file, "it does not exist, but the manifest lists it", e);
        } catch (IOException e) {
            throw ShardDamage.of(file, "reading failed: " + e, e);
        } catch (UserError e) {
            throw e;
        } catch (RuntimeException e) {
            throw ShardDamage.of(file, "it is not a valid Arrow file: " + e, e);
        }
    }

    private static void verify(Path file, FileChannel channel, ShardManifest.Shard shard) throws IOException {
        if (channel.size() != shard.bytes()) {
            throw ShardDamage.of(file, "it has " + channel.size() + " bytes, the manifest says " + shard.bytes());
        }
        String sha256 = Sha256.of(file);
        if (!sha256.equals(shard.sha256())) {
            throw ShardDamage.of(file, "its SHA-256 is " + sha256 + ", the manifest says " + shard.sha256());
        }
    }

    private static void verifyContent(Path file, ShardManifest.Shard shard, List<MappedBatch> batches, int maxLength) {
        long rows = 0;
        long tokens = 0;
        for (MappedBatch batch : batches) {
            rows += batch.rows();
            tokens += batch.check(maxLength);
        }
        if (rows != shard.rows() || tokens != shard.tokens()) {
            throw ShardDamage.of(
                    file,
                    "it has " + rows + " rows and " + tokens + " tokens, the manifest says " + shard.rows() + " and "
                            + shard.tokens());
        }
    }

    private List<MappedBatch> map() throws IOException {
        List<BatchLocation> locations = new ArrowFooterReader(file, channel).batches();
        List<MappedBatch> batches = new ArrayList<>();
        for (int i = 0; i < locations.size(); i++) {
            BatchLocation location = locations.get(i);
            batches.add(new MappedBatch(file, location, body(locations, i)));
        }
        return batches;
    }

    private ByteBuffer body(List<BatchLocation> locations, int index) throws IOException {
        BatchLocation batch = locations.get(index);
        long end = batch.bodyStart() + batch.bodyLength();
        if (mapping == null || end > mappingStart + mapping.limit()) {
            mappingStart = batch.bodyStart();
            mapping = channel.map(MapMode.READ_ONLY, mappingStart, lastEnd(locations, index) - mappingStart);
        }
        return mapping.slice((int) (batch.bodyStart() - mappingStart), batch.bodyLength());
    }

    /** End of the last batch that still fits into a mapping that begins with batch {@code first}. */
    private static long lastEnd(List<BatchLocation> locations, int first) {
        long start = locations.get(first).bodyStart();
        long end = start + locations.get(first).bodyLength();
        for (BatchLocation next : locations.subList(first + 1, locations.size())) {
            long nextEnd = next.bodyStart() + next.bodyLength();
            if (nextEnd - start > LARGEST_MAPPING) {
                break;
            }
            end = nextEnd;
        }
        return end;
    }
}
