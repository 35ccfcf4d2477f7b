namespace Ornstein.Steps.Operations;

/// <summary>An operation that gives gradients to what it read.</summary>
internal interface IPlanned
{
    /// <summary>Learns where gradients add up; called once, from the last operation to the first.</summary>
    void Plan(GradientFlow flow);
}
