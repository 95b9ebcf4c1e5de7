package io.apus.djl;

import ai.djl.Model;
import ai.djl.modality.Classifications;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorFactory;
import ai.djl.util.Pair;
import java.io.Serializable;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the translators on the executors: embeddings as {@code float[]}, classes as {@link Classifications}. */
record TextTranslators(int maxLength) implements TranslatorFactory, Serializable {
    static {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
    }

    @Override
    public Set<Pair<Type, Type>> getSupportedTypes() {
        return Set.of(new Pair<>(String.class, float[].class), new Pair<>(String.class, Classifications.class));
    }

    @Override
    @SuppressWarnings("unchecked") // the output class says which of the two it is
    public <I, O> Translator<I, O> newInstance(Class<I> input, Class<O> output, Model model, Map<String, ?> arguments) {
        Path folder = model.getModelPath();
        TextInputs inputs = new TextInputs(folder, maxLength);
        Translator<String, ?> made = output == Classifications.class
                ? new TextTranslator<>(inputs, classes(Labels.read(folder)))
                : new TextTranslator<>(inputs, TextTranslators::embedding);
        return (Translator<I, O>) made;
    }

    /** The mean over the tokens of [tokens, width], or a pooled output of [width] as it is; of length one. */
    private static float[] embedding(float[] values, int offset, long[] shape, int tokens) {
        int width = (int) shape[shape.length - 1];
        int rows = shape.length == 1 ? 1 : tokens;
        float[] mean = new float[width];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < width; i++) {
                mean[i] += values[offset + row * width + i];
            }
        }
        Vectors.normalize(mean);
        return mean;
    }

    private static TextTranslator.Reading<Classifications> classes(List<String> labels) {
        return (values, offset, shape, tokens) -> {
            double max = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < labels.size(); i++) {
                max = Math.max(max, values[offset + i]);
            }
            double sum = 0;
            List<Double> odds = new ArrayList<>();
            for (int i = 0; i < labels.size(); i++) {
                odds.add(Math.exp(values[offset + i] - max));
                sum += odds.get(i);
            }
            double total = sum;
            return new Classifications(
                    labels, odds.stream().map(odd -> odd / total).toList());
        };
    }
}
