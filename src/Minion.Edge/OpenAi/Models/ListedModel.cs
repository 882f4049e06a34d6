namespace Minion.Edge.OpenAi.Models;

/// <summary>An entry of the list of models.</summary>
/// <param name="Id">What requests name it by.</param>
/// <param name="Created">Unix time in seconds; 0 when it is not known.</param>
/// <param name="OwnedBy">The provider, or Minion.</param>
internal sealed record ListedModel(string Id, long Created, string OwnedBy);
