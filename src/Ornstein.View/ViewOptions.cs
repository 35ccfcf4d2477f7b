namespace Ornstein.View;

/// <summary>What <c>ornstein view</c> was asked for.</summary>
/// <param name="Folder">The folder whose runs and studies are shown.</param>
/// <param name="Port">The port to serve at; null for <see cref="UsualPort"/>, or one that is free where that is taken.</param>
internal sealed record ViewOptions(string Folder, int? Port = null)
{
    /// <summary>The port that is tried first where none is given, so that an open page finds a server that was started again.</summary>
    public const int UsualPort = 7645;
}
