package io.apus.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.schemas.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class SafeTensorsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            mode = Mode.EXCLUDE,
            names = {"F8_E4M3", "F8_E5M2"})
    void everyDtypeComesBackAsItWas(DType dtype) {
        try (Scope scope = Scope.open()) {
            Tensor written = Torch.floats(0, 1, 1, 0, 1, 0).view(2, 3).to(dtype.scalarType());
            Path file = folder.resolve("x.safetensors");
            SafeTensorsWriter.write(file, Map.of("x", written, "other", Torch.longs(3)), Map.of("format", "pt"));
            try (SafeTensorsFile read = SafeTensorsFile.open(file)) {
                assertThat(DType.of(read.tensor("x"))).isEqualTo(dtype);
                assertThat(read.info("x").shape()).containsExactly(2L, 3L);
                assertThat(read.tensor("x").equal(written)).isTrue();
                assertThat(read.metadata()).containsEntry("format", "pt");
            }
        }
    }

    @Test
    void bytesDependOnTheTensorsNotOnTheOrderOfTheMap() throws IOException {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> forward = new LinkedHashMap<>();
            forward.put("a", Torch.floats(1));
            forward.put("b", Torch.longs(2));
            forward.put("c", Torch.floats(3, 4).to(torch.ScalarType.BFloat16));
            Map<String, Tensor> backward = new LinkedHashMap<>();
            forward.keySet().stream().sorted((x, y) -> y.compareTo(x)).forEach(k -> backward.put(k, forward.get(k)));
            SafeTensorsWriter.write(folder.resolve("1"), forward, Map.of("k", "1", "a", "2"));
            SafeTensorsWriter.write(folder.resolve("2"), backward, Map.of("a", "2", "k", "1"));
            assertThat(Files.mismatch(folder.resolve("1"), folder.resolve("2"))).isEqualTo(-1);
        }
    }

    @Test
    void writingToAViewNeverReachesTheFile() throws IOException {
        Path file = folder.resolve("x");
        try (Scope scope = Scope.open()) {
            SafeTensorsWriter.write(file, Map.of("x", Torch.floats(1, 2)), Map.of());
            byte[] before = Files.readAllBytes(file);
            try (SafeTensorsFile open = SafeTensorsFile.open(file)) {
                open.tensor("x").zero_();
            }
            assertThat(Files.readAllBytes(file)).isEqualTo(before);
        }
    }

    @Test
    void aViewOutlivesItsFileAndNothingLeaks() {
        Path file = folder.resolve("x");
        try (Scope scope = Scope.open()) {
            SafeTensorsWriter.write(file, Map.of("x", Torch.floats(1, 2)), Map.of());
        }
        long baseline = Scope.liveNatives();
        try (Scope scope = Scope.open()) {
            Tensor view;
            try (SafeTensorsFile open = SafeTensorsFile.open(file)) {
                view = open.tensor("x");
            }
            assertThat(Torch.toFloats(view)).containsExactly(1, 2);
        }
        assertThat(Scope.liveNatives()).isLessThanOrEqualTo(baseline);
    }

    @Test
    void anUnalignedHeaderStillReads() throws IOException {
        Path file = raw("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} ", 0, 0, 0x80, 0x3f);
        try (Scope scope = Scope.open();
                SafeTensorsFile open = SafeTensorsFile.open(file)) {
            assertThat(Torch.toFloats(open.tensor("x"))).containsExactly(1);
        }
    }

    @Test
    void hostileHeadersAreRefusedWithTheirFault() throws IOException {
        assertRefused("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"x\":{}}", 4, "unique keys");
        assertRefused("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4, "x ends at byte 8 of 4");
        assertRefused("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "needs 8 bytes and has 4");
        assertRefused("{\"x\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "unknown dtype \"F31\"");
        assertRefused("{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "whole numbers");
        assertRefused("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}}", 4, "ends before it begins");
        assertRefused(
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,4]}}",
                4,
                "impossible shape");
        assertRefused(
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]},\"y\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[1,4]}}",
                4,
                "y overlaps x");
        assertRefused(
                "{\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},\"y\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[3,4]}}",
                4,
                "a hole of 2 bytes lies between x and y");
        assertRefused("{\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", 4, "3 bytes follow");
        assertRefused("[1]", 0, "not a JSON object");
        assertRefused("{\"a\":", 0, "not JSON");
    }

    @Test
    void allFaultsOfAHeaderAreNamedAtOnce() throws IOException {
        assertRefused(
                "{\"x\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]},\"y\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
                4,
                "x has the unknown dtype \"F31\"; y of shape [2]");
    }

    @Test
    void impossibleHeaderLengthsAreRefused() throws IOException {
        for (long length : new long[] {-1, Long.MAX_VALUE, 1L << 40, 500, 0}) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
            Path file = Files.write(folder.resolve("bad"), bytes.array());
            assertThatThrownBy(() -> SafeTensorsFile.open(file))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("its header claims");
        }
        Path tiny = Files.write(folder.resolve("tiny"), new byte[3]);
        assertThatThrownBy(() -> SafeTensorsFile.open(tiny)).hasMessageContaining("too few for a header");
        assertThatThrownBy(() -> SafeTensorsFile.open(folder.resolve("absent"))).hasMessageContaining("no such file");
    }

    private void assertRefused(String header, int dataBytes, String fault) throws IOException {
        Path file = raw(header, new int[dataBytes]);
        assertThatThrownBy(() -> SafeTensorsFile.open(file))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(fault);
    }

    private Path raw(String header, int... data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text);
        for (int value : data) {
            bytes.put((byte) value);
        }
        return Files.write(folder.resolve("raw"), bytes.array());
    }
}
