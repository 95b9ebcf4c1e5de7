package io.apus.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {
    @Test
    void namesAreReadAndPrinted() {
        assertThat(Device.parse("cpu")).isEqualTo(Device.CPU);
        assertThat(Device.parse("cuda")).isEqualTo(Device.cuda(0));
        assertThat(Device.parse("cuda:3")).isEqualTo(Device.cuda(3)).hasToString("cuda:3");
        assertThatThrownBy(() -> Device.parse("gpu"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("cuda:0");
    }

    @Test
    void sparksAddressesAreIndices() {
        assertThat(Device.ofGpuAddress(" 1 ")).isEqualTo(Device.cuda(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GPU-5f2c", "MIG-1/2", "", "-1", "cuda:0"})
    void otherAddressesAreRefused(String address) {
        assertThatThrownBy(() -> Device.ofGpuAddress(address))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("nvidia-smi");
    }

    @Test
    void theCpuIsAlwaysThere() {
        assertThat(Device.available()).startsWith(Device.CPU);
        assertThat(Device.CPU.require()).isEqualTo(Device.CPU);
        assertThat(DeviceMemory.of(Device.CPU)).isEmpty();
    }

    @Test
    void withoutTheGpuJarTheClassifierIsNamed() {
        assumeFalse(torch.cuda_is_available(), "this machine has a GPU");
        assertThatThrownBy(() -> Device.cuda(0).require())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("-gpu is not on the class path")
                .hasMessageContaining("-Pgpu");
    }

    @Test
    void ofNvidiasLibrariesTheMissingAreNamed(@TempDir Path folder) throws IOException {
        List<Path> folders = List.of(folder);
        assertThat(CudaLibraries.missing("P", folders)).hasMessageContaining("no libcuda.so.1");
        for (String library : Stream.concat(Stream.of(CudaLibraries.DRIVER), CudaLibraries.NEEDED.stream())
                .filter(name -> !name.startsWith("libnccl") && !name.startsWith("libcudnn"))
                .toList()) {
            Files.createFile(folder.resolve(library));
        }
        assertThat(CudaLibraries.missing("P", folders))
                .hasMessageContaining("no folder of libraries has libcudnn.so.9, libnccl.so.2")
                .hasMessageContaining("LD_LIBRARY_PATH");
        Files.createFile(folder.resolve("libnccl.so.2"));
        Files.createFile(folder.resolve("libcudnn.so.9"));
        assertThat(CudaLibraries.missing("P", folders))
                .hasMessageContaining("no GPU answers")
                .hasMessageContaining("580 or later");
    }

    @Test
    void foldersAreThoseOfTheEnvironmentAndTheUsual() {
        assertThat(CudaLibraries.folders("/a::/b")).startsWith(Path.of("/a"), Path.of("/b"));
        assertThat(CudaLibraries.folders(null)).isNotEmpty();
    }

    @Test
    void whatIsMadeLiesWhereItShould() {
        try (Scope scope = Scope.open()) {
            for (Device device : List.of(Device.CPU, Device.META)) {
                for (Tensor made : List.of(
                        device.zeros(DType.BF16, 2, 3),
                        device.empty(DType.I32, 4),
                        device.ones(DType.F32, 1),
                        device.range(DType.I64, 5),
                        device.identity(DType.F32, 2),
                        device.longs(1, 2),
                        device.floats(1, 2),
                        device.doubles(1, 2))) {
                    assertThat(Device.of(made)).isEqualTo(device);
                }
            }
            assertThat(DType.of(Device.META.zeros(DType.BF16, 2, 3))).isEqualTo(DType.BF16);
            assertThat(Torch.toDoubles(Device.CPU.doubles(1, 2.5))).containsExactly(1, 2.5);
            assertThat(Torch.toLongs(Device.CPU.range(DType.I32, 3))).containsExactly(0, 1, 2);
        }
    }

    @Test
    void productsAreCastWhileOpenAndNotAfter() {
        try (Scope scope = Scope.open()) {
            Tensor matrix = Torch.zeros(4, 4).fill_(Torch.scalar(1));
            try (Autocast narrow = Autocast.of(Device.CPU, DType.BF16)) {
                assertThat(DType.of(matrix.mm(matrix))).isEqualTo(DType.BF16);
                try (Autocast exact = Autocast.of(Device.CPU, DType.F32)) {
                    assertThat(DType.of(matrix.mm(matrix))).isEqualTo(DType.F32);
                }
                assertThat(DType.of(matrix.mm(matrix))).isEqualTo(DType.BF16);
            }
            assertThat(DType.of(matrix.mm(matrix))).isEqualTo(DType.F32);
        }
    }
}
