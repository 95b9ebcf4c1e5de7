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
     * Causal attention within segments that lie end to end, by libtorch's flash kernel for rows of any length; CUDA alone has it.
     *
     * @param query [tokens, heads, headDim], key and value [tokens, keyValueHeads, headDim], float16 or bfloat16
     * @param starts [segments + 1] int32: where each segment begins, and where the last ends
     * @param longest tokens of the longest segment
     * @param window tokens that a query sees, itself included; 0 for all
     * @return [tokens, heads, headDim]
     */
    public static Tensor packedAttention(
            Tensor query, Tensor key, Tensor value, Tensor starts, long longest, long window, double scale) {
        IValueVector stack = new IValueVector();
        for (Tensor tensor : new Tensor[] {query, key, value, starts, starts}) {
            stack.push_back(new IValue(tensor));
        }
        stack.push_back(new IValue(longest));
        stack.push_back(new IValue(longest));
        stack.push_back(new IValue(0.0));
        stack.push_back(new IValue(true));
        stack.push_back(new IValue(false));
        stack.push_back(new IValue(scale));
        stack.push_back(window > 0 ? new IValue(window - 1) : new IValue());
        stack.push_back(window > 0 ? new IValue(0L) : new IValue());
        stack.push_back(new IValue());
        stack.push_back(new IValue());
        call("aten::_flash_attention_forward", "", stack);
        return new Tensor(stack.get(0).toTensor());
    }

    /** The float32 product of two matrices of the same type, which may be narrower: sums are float32 throughout where the device can. */
    public static Tensor product(Tensor left, Tensor right) {
        if (DType.of(left) == DType.F32) {
            return torch.mm(left, right);
        }
        return Device.of(left).isCuda()
                ? torch.mm(left, right, torch.ScalarType.Float)
                : torch.mm(left, right).to(torch.ScalarType.Float);
    }

    /** Adds the product of two matrices, which may be of a narrower type, to {@code sum}. */
    public static void addProduct(Tensor sum, Tensor left, Tensor right) {
        if (DType.of(sum) == DType.of(left)) {
            sum.addmm_(left, right);
        } else {
            sum.add_(product(left, right));
        }
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
