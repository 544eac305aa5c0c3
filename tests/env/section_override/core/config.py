from functools import lru_cache

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_prefix="APP_", extra="ignore")

    debug: bool = False
    db_user: str
    db_password: SecretStr
    db_host: str = "localhost"
    db_port: int = 5432
    db_name: str = Field("shop", validation_alias="DATABASE")

    @property
    def database_url(self) -> str:
        password = self.db_password.get_secret_value()
        return f"postgresql://{self.db_user}:{password}@{self.db_host}:{self.db_port + 1}/{self.db_name}"


@lru_cache
def get_settings() -> Settings:
    return Settings()
