namespace Minion.Tools.Tests.Browser;

/// <summary>The classes that share one browser.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}
