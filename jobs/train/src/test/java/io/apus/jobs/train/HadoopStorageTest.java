package io.apus.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import io.apus.schemas.UserError;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import io.apus.tensor.collective.Collectives;
import io.apus.train.checkpoint.Checkpoint;
import io.apus.train.checkpoint.CheckpointSaver;
import io.apus.train.checkpoint.Fingerprint;
import io.apus.train.checkpoint.ReplicatedState;
import io.apus.train.checkpoint.ShardedState;
import io.apus.train.storage.Storage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopStorageTest {
    private static final Fingerprint RUN = new Fingerprint(new TreeMap<>());

    @TempDir
    private Path folder;

    /** A file system with a scheme of its own that cannot rename, as object stores cannot. */
    public static final class Store extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("store:///");
        }

        @Override
        public String getScheme() {
            return "store";
        }

        @Override
        public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
            throw new IOException("this store cannot rename");
        }
    }

    @Test
    void checkpointsGoToAnyHadoopFileSystem() throws IOException {
        Collectives alone = Collectives.alone();
        try (Scope scope = Scope.open()) {
            Tensor weights = Torch.floats(1, 2, 3);
            try (CheckpointSaver saver = new CheckpointSaver(store(), 1, alone, true)) {
                for (int step = 1; step <= 2; step++) {
                    saver.begin(step, RUN, new IntNode(step), OptionalInt.empty(), sections(weights));
                }
                assertThat(saver.finish()).containsExactly(1, 2);
                assertThat(saver.location(2)).isEqualTo("store:" + folder + "/step-2");
            }
            weights.zero_();
            Checkpoint found = Checkpoint.newest(store(), alone).orElseThrow();
            found.load(sections(weights));

            assertThat(found.step()).isEqualTo(2);
            assertThat(Torch.toFloats(weights)).containsExactly(1, 2, 3);
            assertThat(folder.resolve("step-1")).doesNotExist();
            Files.delete(folder.resolve("step-2/manifest.json"));
            assertThat(Checkpoint.newest(store(), alone)).isEmpty();
        }
    }

    @Test
    void namesStayInsideAndUnknownFileSystemsAreNamed() {
        assertThatThrownBy(() -> store().open("step-1/../../outside")).hasMessageContaining("lies outside store:");
        assertThatThrownBy(() -> HadoopStorage.storages(configuration()).at("nowhere://host/folder"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Cannot use nowhere://host/folder: its file system cannot be reached");
        assertThatThrownBy(() -> HadoopStorage.storages(new Configuration()).at("s3a://bucket/folder"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("S3AFileSystem not found");
    }

    private Storage store() {
        return HadoopStorage.storages(configuration()).at("store:" + folder);
    }

    private static Configuration configuration() {
        Configuration hadoop = new Configuration(false);
        hadoop.setClass("fs.store.impl", Store.class, org.apache.hadoop.fs.FileSystem.class);
        return hadoop;
    }

    private static SortedMap<String, ShardedState> sections(Tensor weights) {
        SortedMap<String, ShardedState> sections = new TreeMap<>();
        sections.put("parameters", new ReplicatedState(Map.of("w", weights), Collectives.alone()));
        return sections;
    }
}
