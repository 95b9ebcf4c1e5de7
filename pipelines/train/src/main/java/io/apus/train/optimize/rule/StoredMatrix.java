package io.apus.train.optimize.rule;

import io.apus.schemas.spec.GaloreSpec;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;

/** A projection that is kept between steps. */
interface StoredMatrix {
    Tensor read();

    void write(Tensor values);

    void describe(SortedMap<String, Tensor> state);

    static StoredMatrix of(String side, GaloreSpec galore, long rows, long columns, Memory memory) {
        return galore.galoreQuantization() && galore.galoreProjQuant()
                ? new QuantisedMatrix(side, galore, rows, columns, memory)
                : new PlainMatrix(side, memory.floats(rows, columns));
    }

    /** In float32. */
    record PlainMatrix(String side, Tensor values) implements StoredMatrix {
        @Override
        public Tensor read() {
            return values;
        }

        @Override
        public void write(Tensor newValues) {
            values.copy_(newValues);
        }

        @Override
        public void describe(SortedMap<String, Tensor> state) {
            state.put(side, values);
        }
    }
}
