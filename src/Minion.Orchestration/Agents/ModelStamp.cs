namespace Minion.Orchestration.Agents;

/// <summary>
/// Which state of a model's row was seen: the number of the transaction that wrote it, which every change of the row changes. <see cref="None"/>: there
/// is no row.
/// </summary>
internal readonly record struct ModelStamp(uint Transaction)
{
    public static ModelStamp None => default;
}
