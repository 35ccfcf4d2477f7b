namespace Ornstein.Steps.Operations;

/// <summary>Several matrices side by side: what a network reads that passes over layers.</summary>
/// <param name="parts">The matrices; one with fewer draws serves equal runs of them.</param>
/// <param name="joined">All of them.</param>
internal sealed unsafe class JoinOperation(Slot[] parts, Slot joined) : IOperation, IPlanned
{
    private readonly bool[] _adds = new bool[parts.Length];

    public void Plan(GradientFlow flow)
    {
        for (var i = 0; i < parts.Length; i++) _adds[i] = parts[i].HasGradient && flow.Adds(parts[i]);
    }

    public void Forward(in Frame frame)
    {
        for (var draw = 0; draw < joined.Draws; draw++)
        {
            var offset = 0;
            foreach (var part in parts)
            {
                float* source = frame.Value(part, part.DrawFor(joined, draw)), target = frame.Value(joined, draw) + offset;
                for (var row = 0; row < frame.Count; row++, source += part.Width, target += joined.Width)
                    new ReadOnlySpan<float>(source, part.Width).CopyTo(new Span<float>(target, part.Width));
                offset += part.Width;
            }
        }
    }

    public void Backward(in Frame frame)
    {
        for (var draw = 0; draw < joined.Draws; draw++)
        {
            var offset = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                var part = parts[i];
                if (part.HasGradient) Return(frame, part, draw, offset, _adds[i] || part.IsServedAgain(joined, draw));
                offset += part.Width;
            }
        }
    }

    private void Return(in Frame frame, Slot part, int draw, int offset, bool adds)
    {
        float* source = frame.Gradient(joined, draw) + offset, target = frame.Gradient(part, part.DrawFor(joined, draw));
        for (var row = 0; row < frame.Count; row++, source += joined.Width, target += part.Width)
        {
            for (var i = 0; i < part.Width; i++) target[i] = adds ? target[i] + source[i] : source[i];
        }
    }
}
