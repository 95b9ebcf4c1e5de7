package io.apus.model.layer.expert;

import io.apus.model.layer.Cut;
import io.apus.model.layer.Parameter;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** The matrices of all experts for one of their maps, which files hold in one tensor. */
public interface ExpertBank {
    /** The tensor's name in files. */
    String name();

    ExpertLayout layout();

    /** How many experts it has. */
    int count();

    List<Parameter> parameters();

    /** What multiplies tokens with the matrices, for one pass. */
    Pass pass(boolean training);

    /** Some of the experts alone, numbered from 0: with these very parameters, or copies of parts of those that lie in one tensor. */
    ExpertBank part(Cut run);

    /** The same as one parameter of floats, this very bank where it is one; what was kept otherwise is freed. */
    PlainBank plain();

    /** Products of tokens with the matrices. */
    interface Pass {
        /** [tokens, in] to [tokens, out]. */
        Tensor product(Tensor rows, int expert);
    }
}
