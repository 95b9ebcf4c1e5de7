package io.apus.model.quant;

import io.apus.model.quant.format.QuantisedWeight;
import io.apus.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.bytedeco.pytorch.Storage;
import org.bytedeco.pytorch.Tensor;

/**
 * A weight that knows which of its dequantised matrices somebody still holds, by the reference counts of their memory: exact where a process's
 * resident memory is not. It keeps every matrix itself, so matrices should be small.
 */
final class WatchedWeight implements QuantisedWeight, AutoCloseable {
    private final QuantisedWeight weight;
    private final List<Tensor> given = new ArrayList<>();
    private int most;

    WatchedWeight(QuantisedWeight weight) {
        this.weight = weight;
    }

    /** How often the matrix was dequantised. */
    int given() {
        return given.size();
    }

    /** How many matrices others hold now. */
    int held() {
        return (int) given.stream().filter(WatchedWeight::shared).count();
    }

    /** The most matrices that others held when one more was dequantised, that one counted. */
    int most() {
        return most;
    }

    private static boolean shared(Tensor own) {
        try (Storage storage = own.storage()) {
            return storage.use_count() > 1;
        }
    }

    @Override
    public Tensor dequantise() {
        most = Math.max(most, held() + 1);
        Tensor matrix = weight.dequantise();
        given.add(Scope.own(matrix.variable_data()));
        return matrix;
    }

    @Override
    public long outFeatures() {
        return weight.outFeatures();
    }

    @Override
    public long inFeatures() {
        return weight.inFeatures();
    }

    @Override
    public SortedMap<String, Tensor> tensors() {
        return weight.tensors();
    }

    @Override
    public void close() {
        given.forEach(Scope::release);
    }
}
