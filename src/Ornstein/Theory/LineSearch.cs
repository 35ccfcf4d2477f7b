namespace Ornstein.Theory;

/// <summary>Roots and extrema of a smooth function on an interval, by brackets that only shrink.</summary>
internal static class LineSearch
{
    private const double Golden = 0.6180339887498949;

    /// <summary>All roots that differ by more than the step, and pairs of roots closer than that about an extremum.</summary>
    public static List<double> Roots(Func<double, double> f, double low, double high, double step)
    {
        var count = (int)Math.Ceiling((high - low) / step);
        var x = new double[count + 1];
        var y = new double[count + 1];
        for (var i = 0; i <= count; i++)
        {
            x[i] = low + ((high - low) * i / count);
            y[i] = f(x[i]);
        }

        var roots = new List<double>();
        for (var i = 0; i < count; i++)
        {
            if ((y[i] < 0) != (y[i + 1] < 0))
            {
                roots.Add(Root(f, x[i], x[i + 1]));
                continue;
            }

            // An extremum about x[i] that all but touches zero may hide two roots between grid points.
            if (i == 0 || (y[i - 1] < 0) != (y[i] < 0)) continue;
            var sign = y[i] < 0 ? -1 : 1;
            if (!(sign * y[i] <= sign * y[i - 1] && sign * y[i] <= sign * y[i + 1]) || !double.IsFinite(y[i])) continue;
            var least = Minimum(at => sign * f(at), x[i - 1], x[i + 1]);
            if (sign * f(least) >= 0) continue;
            roots.Add(Root(f, x[i - 1], least));
            roots.Add(Root(f, least, x[i + 1]));
        }

        return roots;
    }

    /// <summary>The root between two points at which f has different signs, to the last bit but one.</summary>
    public static double Root(Func<double, double> f, double low, double high)
    {
        var negative = f(low) < 0;
        while (true)
        {
            var middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high) return middle;
            if (f(middle) < 0 == negative) low = middle;
            else high = middle;
        }
    }

    /// <summary>A minimum of f between two points, by golden section.</summary>
    public static double Minimum(Func<double, double> f, double low, double high)
    {
        var (left, right) = (high - (Golden * (high - low)), low + (Golden * (high - low)));
        var (atLeft, atRight) = (f(left), f(right));
        for (var i = 0; i < 80; i++)
        {
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (Golden * (high - low));
                atLeft = f(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (Golden * (high - low));
                atRight = f(right);
            }
        }

        return (low + high) / 2;
    }
}
