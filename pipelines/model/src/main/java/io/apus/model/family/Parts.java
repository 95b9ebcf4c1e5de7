package io.apus.model.family;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.layer.expert.ExpertBank;
import io.apus.model.layer.expert.ExpertLayout;
import io.apus.model.layer.expert.PlainBank;

/** Where the parts that a family asks for come from: a file's tensors, or nowhere while a model is only described. */
public interface Parts {
    Parameter parameter(String name, Start start, long... shape);

    /** The linear map {@code name}, from {@code in} to {@code out} features. */
    Projection linear(String name, long out, long in, boolean bias);

    /** The same where files hold the weight as [in, out]; it is turned when it is read, and back when it is written. */
    default Projection linearStoredTransposed(String name, long out, long in, boolean bias) {
        return linear(name, out, in, bias);
    }

    /** The matrices of {@code count} experts, which the tensor {@code name} of files holds. */
    default ExpertBank experts(String name, ExpertLayout layout, int count) {
        return new PlainBank(parameter(name, Start.NORMAL, layout.shape(count)), layout);
    }
}
