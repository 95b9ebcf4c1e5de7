package io.apus.model.quant.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * What bitsandbytes' QuantState says beside its tensors; files hold it as JSON in a uint8 tensor.
 *
 * @param dtype of the matrix before it was quantised
 * @param nestedOffset mean of the blocks' maxima where those are quantised themselves, else null
 */
record FourBitState(String quantType, long blockSize, String dtype, long rows, long columns, Float nestedOffset) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads the uint8 tensor {@code state}. */
    static FourBitState read(Tensor state, StoredLinear linear, String key) {
        try {
            long[] bytes = Torch.toLongs(state);
            byte[] text = new byte[bytes.length];
            for (int i = 0; i < text.length; i++) {
                text[i] = (byte) bytes[i];
            }
            JsonNode json = JSON.readTree(text);
            JsonNode offset = json.path("nested_offset");
            return new FourBitState(
                    json.path("quant_type").asText(),
                    json.path("blocksize").asLong(),
                    json.path("dtype").asText(),
                    json.path("shape").path(0).asLong(),
                    json.path("shape").path(1).asLong(),
                    offset.isNumber() ? (Float) (float) offset.asDouble() : null);
        } catch (IOException e) {
            throw linear.fault(key, "holds no JSON");
        }
    }

    /** The bytes that Python's json.dumps gives of the same dictionary. */
    Tensor write() {
        String nested = nestedOffset == null
                ? ""
                : ", \"nested_blocksize\": 256, \"nested_dtype\": \"float32\", \"nested_offset\": "
                        + (double) (float) nestedOffset;
        String text = "{\"quant_type\": %s, \"blocksize\": %d, \"dtype\": %s, \"shape\": [%d, %d]%s}"
                .formatted(quoted(quantType), blockSize, quoted(dtype), rows, columns, nested);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        long[] values = new long[bytes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = bytes[i] & 0xff;
        }
        try (Scope scope = Scope.open()) {
            return scope.keep(Torch.longs(values).to(torch.ScalarType.Byte));
        }
    }

    private static String quoted(String text) {
        try {
            return JSON.writeValueAsString(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
