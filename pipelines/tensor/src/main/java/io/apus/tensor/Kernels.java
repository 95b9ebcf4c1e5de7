package io.apus.tensor;

import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorList;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** Operators of libtorch that do in one pass over memory what a chain of ordinary ones does in many. */
public final class Kernels {
    static {
        NativeLibrary.load();
    }

    private Kernels() {}

    /**
     * Scaled dot-product attention; libtorch picks its flash kernel where it can.
     *
     * @param query [batch, heads, queries, headDim]
     * @param key [batch, keyValueHeads, keys, headDim]; heads is a multiple of keyValueHeads (grouped-query attention)
     * @param maskOrNull broadcastable to [batch, heads, queries, keys]; true, or 0 where it is a float, lets a query see a key
     * @param causal query i sees keys 0..i; not together with a mask
     * @return [batch, heads, queries, headDim]
     */
    public static Tensor attention(
            Tensor query, Tensor key, Tensor value, Tensor maskOrNull, boolean causal, double scale) {
        TensorOptional mask = maskOrNull == null ? new TensorOptional() : new TensorOptional(maskOrNull);
        boolean grouped = query.size(1) != key.size(1);
        return torch.scaled_dot_product_attention(
                query, key, value, mask, 0.0, causal, new DoubleOptional(scale), grouped);
    }

    /**
     * One AdamW step in place (Loshchilov and Hutter, 2019; decoupled weight decay), several times faster than the same step from separate operators.
     *
     * @param steps one float32 scalar tensor per parameter: the number of this step, counted from 1
     */
    public static void fusedAdamW(
            List<Tensor> params,
            List<Tensor> grads,
            List<Tensor> expAvgs,
            List<Tensor> expAvgSqs,
            List<Tensor> steps,
            double lr,
            double beta1,
            double beta2,
            double weightDecay,
            double eps) {
        try (Scope scope = Scope.open();
                NoGrad guard = Torch.noGrad()) {
            IValueVector stack = new IValueVector();
            for (List<Tensor> list : List.of(params, grads, expAvgs, expAvgSqs, List.<Tensor>of(), steps)) {
                stack.push_back(new IValue(boxed(list)));
            }
            for (double value : new double[] {lr, beta1, beta2, weightDecay, eps}) {
                stack.push_back(new IValue(value));
            }
            stack.push_back(new IValue(false));
            stack.push_back(new IValue(false));
            stack.push_back(new IValue());
            stack.push_back(new IValue());
            call("aten::_fused_adamw_", "", stack);
        }
    }

    private static GenericList boxed(List<Tensor> tensors) {
        GenericList list = new GenericList(new TensorList().elementType());
        list.reserve(tensors.size());
        tensors.forEach(tensor -> list.push_back(new IValue(tensor)));
        return list;
    }

    /** Calls the operator {@code name} (with {@code aten::}) of {@code overload}; results replace the arguments on the stack. */
    static void call(String name, String overload, IValueVector stack) {
        OperatorHandle operator = Dispatcher.singleton().findSchemaOrThrow(name, overload);
        operator.callBoxed(stack);
    }
}
