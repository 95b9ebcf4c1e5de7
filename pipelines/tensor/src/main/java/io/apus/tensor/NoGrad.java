package io.apus.tensor;

import org.bytedeco.pytorch.AutoGradMode;

/** While open, operations on this thread record no gradient graph; {@link #close()} restores the mode that was found. */
public final class NoGrad implements AutoCloseable {
    private final AutoGradMode mode;

    NoGrad() {
        // Owned, because an enclosing Scope may close first and its order of freeing must not decide the mode.
        this.mode = Scope.own(new AutoGradMode(false));
    }

    @Override
    public void close() {
        mode.deallocate();
    }
}
