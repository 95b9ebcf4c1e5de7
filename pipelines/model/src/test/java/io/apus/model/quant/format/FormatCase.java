package io.apus.model.quant.format;

import io.apus.tensor.Torch;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * One format of quantised checkpoints, for tests of whole models.
 *
 * @param config its quantization_config in config.json
 * @param pack a float32 [out, in] to the tensors that a file holds of it, by the names after the module's; where nothing here can make
 *     the format, random ones of the right shapes
 */
public record FormatCase(String name, String config, Function<Tensor, Map<String, Tensor>> pack) {
    public static List<FormatCase> all() {
        String bnb = "{\"quant_method\": \"bitsandbytes\", \"load_in_4bit\": true}";
        return List.of(
                new FormatCase("bnb nf4", bnb, w -> fourBit(w, FourBitType.NF4, false)),
                new FormatCase("bnb nf4 double", "{\"load_in_4bit\": true}", w -> fourBit(w, FourBitType.NF4, true)),
                new FormatCase("bnb fp4", bnb, w -> fourBit(w, FourBitType.FP4, false)),
                new FormatCase("bnb int8", bnb, w -> ScaledWeight.int8(w).tensors()),
                gptq(4, 1),
                gptq(3, 2),
                gptq(8, 1),
                new FormatCase(
                        "awq",
                        "{\"quant_method\": \"awq\", \"bits\": 4, \"group_size\": 32, \"version\": \"gemm\"}",
                        FormatCase::awq),
                new FormatCase(
                        "fp8 squares",
                        "{\"quant_method\": \"fp8\", \"weight_block_size\": [128, 128]}",
                        w -> ScaledWeight.fp8(w).tensors()),
                new FormatCase(
                        "fp8 rows",
                        "{\"quant_method\": \"compressed-tensors\", \"format\": \"float-quantized\"}",
                        FormatCase::fp8Rows),
                new FormatCase(
                        "packed",
                        "{\"quant_method\": \"compressed-tensors\", \"format\": \"pack-quantized\"}",
                        FormatCase::packed),
                new FormatCase("hqq", "{\"quant_method\": \"hqq\"}", FormatCase::hqq),
                new FormatCase("aqlm", "{\"quant_method\": \"aqlm\"}", FormatCase::aqlm));
    }

    private static SortedMap<String, Tensor> fourBit(Tensor matrix, FourBitType type, boolean doubled) {
        return FourBitWeight.quantise(matrix, type, FourBitWeight.BLOCK, doubled)
                .stateDict();
    }

    private static FormatCase gptq(int bits, int version) {
        return new FormatCase(
                "gptq " + bits + " bits v" + version,
                "{\"quant_method\": \"gptq\", \"bits\": %d, \"group_size\": 32, \"checkpoint_format\": \"%s\"}"
                        .formatted(bits, version == 2 ? "gptq_v2" : "gptq"),
                w -> GptqWeight.nearest(w, bits, 32, version == 1, version).tensors());
    }

    private static Map<String, Tensor> awq(Tensor matrix) {
        long out = matrix.size(0);
        long in = matrix.size(1);
        return Map.of(
                "qweight", words(in, out / 8),
                "qzeros", words(in / 32, out / 8),
                "scales", torch.rand(in / 32, out).mul(new Scalar(0.05)).to(torch.ScalarType.Half));
    }

    private static Tensor words(long rows, long columns) {
        return torch.randint(Integer.MIN_VALUE, Integer.MAX_VALUE, new long[] {rows, columns})
                .to(torch.ScalarType.Int);
    }

    private static Map<String, Tensor> fp8Rows(Tensor matrix) {
        Tensor scales = matrix.abs().amax(new long[] {1}, true).div(new Scalar(448.0));
        return Map.of(
                "weight", matrix.div(scales).to(torch.ScalarType.Float8_e4m3fn),
                "weight_scale", scales.to(torch.ScalarType.BFloat16));
    }

    private static Map<String, Tensor> packed(Tensor matrix) {
        return Map.of(
                "weight_packed", words(matrix.size(0), matrix.size(1) / 8),
                "weight_scale", torch.rand(matrix.size(0), 2).mul(new Scalar(0.05)),
                "weight_shape", Torch.longs(matrix.size(0), matrix.size(1)));
    }

    private static Map<String, Tensor> hqq(Tensor matrix) {
        HqqWeight weight = HqqWeight.quantise(matrix, 4, 64, 1);
        SortedMap<String, Tensor> all = weight.tensors();
        all.put("nbits", number(4));
        all.put("axis", number(1));
        all.put("group_size", number(64));
        return all;
    }

    private static Tensor number(long value) {
        return torch.full(new long[] {1}, new Scalar(value), new TensorOptions(torch.ScalarType.Int));
    }

    private static Map<String, Tensor> aqlm(Tensor matrix) {
        long out = matrix.size(0);
        long in = matrix.size(1);
        return Map.of(
                "codes",
                torch.randint(-128, 128, new long[] {out, in / 8, 1}).to(torch.ScalarType.Char),
                "codebooks",
                torch.randn(1, 256, 1, 8).mul(new Scalar(0.3)),
                "scales",
                torch.rand(out, 1, 1, 1));
    }

    @Override
    public String toString() {
        return name;
    }
}
