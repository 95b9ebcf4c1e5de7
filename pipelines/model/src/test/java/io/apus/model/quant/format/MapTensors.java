package io.apus.model.quant.format;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;

/** A checkpoint of one linear that lies in memory. */
record MapTensors(Map<String, Tensor> tensors) implements StoredTensors {
    static StoredLinear linear(Map<String, Tensor> tensors, long outFeatures, long inFeatures) {
        Map<String, Tensor> named = new HashMap<>();
        tensors.forEach((key, tensor) -> named.put("linear." + key, tensor));
        return new StoredLinear(new MapTensors(named), "linear", outFeatures, inFeatures);
    }

    static StoredLinear with(Map<String, Tensor> tensors, String key, Tensor other, long outFeatures, long inFeatures) {
        Map<String, Tensor> changed = new HashMap<>(tensors);
        changed.put(key, other);
        return linear(changed, outFeatures, inFeatures);
    }

    static StoredLinear without(Map<String, Tensor> tensors, String key, long outFeatures, long inFeatures) {
        Map<String, Tensor> changed = new HashMap<>(tensors);
        changed.remove(key);
        return linear(changed, outFeatures, inFeatures);
    }

    @Override
    public boolean contains(String name) {
        return tensors.containsKey(name);
    }

    @Override
    public Tensor tensor(String name) {
        return tensors.get(name);
    }
}
