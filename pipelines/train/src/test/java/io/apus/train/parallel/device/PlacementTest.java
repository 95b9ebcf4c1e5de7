package io.apus.train.parallel.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.apus.tensor.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which layers go where, decided from numbers: the devices need not be there. */
class PlacementTest {
    private static final long MIB = 1 << 20;
    private static final Device ZERO = Device.cuda(0);
    private static final Device ONE = Device.cuda(1);
    private static final Device TWO = Device.cuda(2);

    @Test
    void theFullestDeviceIsAsEmptyAsCanBe() {
        assertThat(Placement.balanced(layers(5, 1, 1, 1, 1, 1), rooms(100, 100)).devices())
                .containsExactly(ZERO, ONE, ONE, ONE, ONE, ONE);
        assertThat(Placement.balanced(layers(2, 2, 2, 2, 2, 2), rooms(100, 100, 100))
                        .devices())
                .containsExactly(ZERO, ZERO, ONE, ONE, TWO, TWO);
    }

    @Test
    void noDeviceTakesMoreThanItHasRoomFor() {
        assertThat(Placement.balanced(layers(2, 2, 2, 2), rooms(2, 100)).devices())
                .containsExactly(ZERO, ONE, ONE, ONE);
        assertThat(Placement.balanced(layers(2, 2, 2, 2), rooms(1, 4, 4)).devices())
                .containsExactly(ONE, ONE, TWO, TWO);
    }

    @Test
    void sequentialFillsOneAfterTheOther() {
        assertThat(Placement.sequential(layers(3, 3, 3, 3), rooms(7, 4, 100)).devices())
                .containsExactly(ZERO, ZERO, ONE, TWO);
        assertThat(Placement.sequential(layers(3, 3), rooms(100, 100)).together())
                .isTrue();
    }

    @Test
    void tooLittleRoomIsRefusedWithTheArithmetic() {
        String arithmetic =
                "its 3 layers need 9.0 MiB with what is trained, layer 1 alone 4.0 MiB; cuda:0 has 5.0 MiB, cuda:1 has 3.0 MiB, together 8.0 MiB";
        assertThatThrownBy(() -> Placement.balanced(layers(3, 4, 2), rooms(5, 3)))
                .hasMessageContaining(arithmetic);
        assertThatThrownBy(() -> Placement.sequential(layers(3, 4, 2), rooms(5, 3)))
                .hasMessageContaining(arithmetic);
    }

    @Test
    void whatGoesTogetherIsPlacedTogether() {
        List<Layer> parts = layers(4, 1, 1, 1, 0);
        Placement tied = DeviceSplit.spread(Placement.balanced(DeviceSplit.units(parts, true), rooms(100, 100)), true);
        assertThat(tied.devices()).containsExactly(ZERO, ZERO, ONE, ONE, ZERO);

        Placement untied = DeviceSplit.spread(
                Placement.balanced(DeviceSplit.units(layers(4, 1, 1, 1, 4), false), rooms(100, 100)), false);
        assertThat(untied.devices()).containsExactly(ZERO, ZERO, ZERO, ONE, ONE);
        assertThat(untied.describe(layers(4, 1, 1, 1, 4)))
                .isEqualTo("cuda:0 layer 0 to layer 2 (6.0 MiB), cuda:1 layer 3 to layer 4 (5.0 MiB)");
    }

    @Test
    void aMapNamesModulesAndTheLongestNameCounts() {
        Placement placement = new DeviceMap(
                        Map.of("model", "0", "model.layers.1", "cuda:1", "lm_head", "cuda:1", "model.norm", "1"))
                .resolve(PARTS);
        assertThat(placement.devices()).containsExactly(ZERO, ZERO, ONE, ONE);
        assertThat(new DeviceMap(Map.of("", "cpu")).resolve(PARTS).together()).isTrue();
    }

    @Test
    void aMapThatLeavesModulesOutOrTearsThemApartIsRefused() {
        assertThatThrownBy(
                        () -> new DeviceMap(Map.of("model.embed_tokens", "0", "model.layers", "1", "model.norm", "1"))
                                .resolve(PARTS))
                .hasMessageContaining("lm_head.weight has no device");
        assertThatThrownBy(() -> new DeviceMap(Map.of("", "0", "model.layers.0.mlp", "1")).resolve(PARTS))
                .hasMessageContaining("model.layers.0 is computed in one piece and cannot be on cuda:0 and cuda:1");
        assertThatThrownBy(() -> new DeviceMap(Map.of("", "0", "model.layer.0", "1")).resolve(PARTS))
                .hasMessageContaining("there is no module model.layer.0; did you mean \"model.layers.0\"?");
    }

    private static final List<List<String>> PARTS = List.of(
            List.of("model.embed_tokens.weight"),
            List.of("model.layers.0.mlp.up_proj.weight", "model.layers.0.input_layernorm.weight"),
            List.of("model.layers.1.mlp.up_proj.weight", "model.layers.1.input_layernorm.weight"),
            List.of("model.norm.weight", "lm_head.weight"));

    private static List<Layer> layers(long... mebibytes) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < mebibytes.length; i++) {
            layers.add(new Layer("layer " + i, mebibytes[i] * MIB));
        }
        return layers;
    }

    private static List<Room> rooms(long... mebibytes) {
        List<Device> devices = List.of(ZERO, ONE, TWO);
        long[] bytes = Arrays.stream(mebibytes).map(size -> size * MIB).toArray();
        List<Room> rooms = new ArrayList<>();
        for (int i = 0; i < bytes.length; i++) {
            rooms.add(new Room(devices.get(i), bytes[i]));
        }
        return rooms;
    }
}
