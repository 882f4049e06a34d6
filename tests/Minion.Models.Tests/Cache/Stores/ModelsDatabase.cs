using Minion.Testing.Database;

namespace Minion.Models.Tests.Cache.Stores;

/// <summary>A database with the gateway's schema.</summary>
public sealed class ModelsDatabase() : DatabaseFixture(ModelMigrations.Set);
