using Ornstein.Storage;

namespace Ornstein.Experiments.Text;

/// <summary>What failed, in one line for a person, without a stack trace.</summary>
internal static class FailureText
{
    /// <summary>The environment variable that shows stack traces, as 1.</summary>
    public const string TraceVariable = "ORNSTEIN_TRACE";

    /// <summary>The line.</summary>
    public static string Of(Exception exception) => exception switch
    {
        OrnsteinException mistake => mistake.Message,
        _ when MachineLimits.Explain(exception) is { } limit => limit,
        OperationCanceledException => "interrupted",
        UnauthorizedAccessException denied => $"no permission: {denied.Message}",
        IOException full when FileTrouble.IsDiskFull(full.HResult) => $"the disk is full: {full.Message}",
        IOException failed => $"cannot read or write: {failed.Message}",
        TypeInitializationException { TypeName: "TorchSharp.torch", InnerException: { } cause } =>
            $"libtorch does not load on this machine: {LastLine(cause)}; install {Product.Name} anew, for this system",
        _ when MachineLimits.ExplainWithoutSpace(exception) is { } limit => limit,
        _ => $"unexpected {exception.GetType().Name}: {exception.Message} - this is a defect; please report it with the output of "
            + $"'{TraceVariable}=1 {Product.Name} ...' and '{Product.Name} --version' to the project's issue tracker",
    };

    // TorchSharp tells all that it tried, the failure last.
    private static string LastLine(Exception error) =>
        error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? error.GetType().Name;
}
