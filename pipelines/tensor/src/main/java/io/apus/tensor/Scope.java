package io.apus.tensor;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * Owns the native memory of everything made on this thread between {@link #open()} and {@link #close()}.
 *
 * <p>A Java handle pins its tensor's memory until the handle is freed, and the garbage collector does not see that memory: so work runs
 * in scopes, one per step and one per block of a model. Scopes nest as try-with-resources blocks do.
 */
public final class Scope implements AutoCloseable {
    static {
        NativeLibrary.load();
    }

    private final PointerScope around;
    private final PointerScope scope;

    private Scope() {
        this.around = PointerScope.getInnerScope();
        this.scope = new PointerScope();
    }

    public static Scope open() {
        return new Scope();
    }

    /** Lets {@code result} outlive this scope: the scope around it takes it over, or the caller ({@link #release}) where there is none. */
    public <P extends Pointer> P keep(P result) {
        if (around == null) {
            return own(result);
        }
        around.attach(result);
        return result;
    }

    /** Lets {@code pointer} outlive every scope until {@link #release}: for members of long-lived objects. */
    public static <P extends Pointer> P own(P pointer) {
        pointer.retainReference();
        return pointer;
    }

    /** Gives up what {@link #own} took; the memory goes when no open scope holds it either. Null is ignored. */
    public static void release(Pointer pointer) {
        if (pointer != null) {
            pointer.releaseReference();
        }
    }

    /** Native objects alive in this process, whoever holds them; a leak test asks for no more than before: the collector may take what others left. */
    public static long liveNatives() {
        return Pointer.totalCount();
    }

    @Override
    public void close() {
        scope.close();
    }
}
