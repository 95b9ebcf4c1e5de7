package io.apus.model.tuner.fourierft;

import io.apus.model.layer.Parameter;
import io.apus.model.layer.Projection;
import io.apus.model.tuner.method.AdditiveProjection;
import io.apus.model.tuner.method.InitialValues;
import io.apus.schemas.UserError;
import io.apus.tensor.Device;
import io.apus.tensor.Scope;
import io.apus.tensor.Torch;
import java.util.List;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** FourierFT: adds a matrix of whose discrete Fourier transform a few entries are trained (Gao et al., 2024; PEFT tuners/fourierft). */
final class FourierProjection implements AdditiveProjection {
    private final Projection base;
    private final double scaling;
    private final Parameter spectrum;
    private final long[] places;
    private final long outputs;
    private final long inputs;

    /** {@code places} of the {@code spectrum}'s entries in the flattened transform. */
    private FourierProjection(Projection base, double scaling, Parameter spectrum, long[] places) {
        this.base = base;
        this.scaling = scaling;
        this.spectrum = spectrum;
        this.places = places;
        this.outputs = base.outFeatures();
        this.inputs = base.inFeatures();
    }

    /** Which entries are trained depends on the settings' seed and the shape alone, as in PEFT. */
    static FourierProjection around(
            String module, Projection base, FourierSettings settings, GeneratorOptional generator) {
        long size = base.outFeatures() * base.inFeatures();
        if (settings.frequencies() > size) {
            throw new UserError(
                    "Cannot attach FourierFT",
                    module + " has " + size + " weights, fewer than fourier_n_frequency " + settings.frequencies(),
                    "Lower fourier_n_frequency.");
        }
        String name = module + ".fourierft_spectrum";
        return new FourierProjection(
                base,
                settings.scaling(),
                settings.startsAtZero()
                        ? InitialValues.constant(name, 0, settings.frequencies())
                        : InitialValues.normal(name, generator, 1, settings.frequencies()),
                places(size, settings));
    }

    private static long[] places(long size, FourierSettings settings) {
        try (Scope scope = Scope.open()) {
            GeneratorOptional generator = new GeneratorOptional(torch.make_generator_cpu(settings.seed()));
            return Torch.toLongs(torch.randperm(size, generator).narrow(0, 0, settings.frequencies()));
        }
    }

    @Override
    public Projection base() {
        return base;
    }

    @Override
    public Tensor delta() {
        Tensor dense = spectrum.tensor()
                .new_zeros(outputs * inputs)
                .scatter(0, Device.of(spectrum.tensor()).longs(places), spectrum.tensor())
                .view(outputs, inputs);
        return torch.real(torch.fft_ifft2(dense)).mul(Torch.scalar(scaling));
    }

    @Override
    public List<Parameter> added() {
        return List.of(spectrum);
    }
}
