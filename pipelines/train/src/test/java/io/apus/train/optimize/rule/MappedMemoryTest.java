package io.apus.train.optimize.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.apus.tensor.DType;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class MappedMemoryTest {
    private static final Path MAPS = Path.of("/proc/self/maps");

    @Test
    void largeStatesLieInFilesWithoutAName() throws IOException {
        assumeThat(MAPS).exists();
        long before = Scope.liveNatives();
        try (MappedMemory memory = new MappedMemory()) {
            Tensor large = memory.floats(400, 300);
            Tensor small = memory.zeros(DType.U8, 10);

            assertThat(mapped()).singleElement().asString().endsWith("(deleted)");
            assertThat(memory.bytes()).isEqualTo(4 * 120_000 + 10);
            assertThat(Torch.toFloats(large)).containsOnly(0);
            try (Scope scope = Scope.open()) {
                large.add_(Torch.scalar(2));
            }
            assertThat(Torch.toFloats(large)).containsOnly(2);
            assertThat(Torch.toLongs(small)).containsOnly(0).hasSize(10);
        }
        assertThat(mapped()).isEmpty();
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(before);
    }

    private static List<String> mapped() throws IOException {
        try (var lines = Files.lines(MAPS)) {
            return lines.filter(line -> line.contains("apus-optimiser-")).toList();
        }
    }
}
