package io.apus.jobs.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.apus.schemas.spec.QuantiseSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedModelsTest {
    @TempDir
    Path folder;

    @Test
    void tasksShareOneModelPerCommitAndTheDriverCanFreeIt() throws IOException {
        Path model = TinyFolder.write(folder, 1);
        AtomicInteger loads = new AtomicInteger();
        LoadedModels models = new LoadedModels(
                source -> {
                    loads.incrementAndGet();
                    return ModelLoader.load(source);
                },
                3600);
        ModelSource first = source(model, "commit-1");
        try (LoadedModels.Lease one = models.acquire(first);
                LoadedModels.Lease two = models.acquire(source(model, "commit-1"))) {
            assertThat(two.model()).isSameAs(one.model());
            models.freeIdle();
            assertThat(models.size()).as("in use").isEqualTo(1);
        }
        models.acquire(first).close();
        assertThat(loads).as("kept between tasks").hasValue(1);
        models.acquire(source(model, "commit-2")).close();
        assertThat(loads).as("a new commit").hasValue(2);
        models.freeIdle();
        assertThat(models.size()).isZero();
    }

    private static ModelSource source(Path model, String commit) {
        return new ModelSource(model.toString(), QuantiseSpec.none(), null, model.toString(), commit);
    }
}
