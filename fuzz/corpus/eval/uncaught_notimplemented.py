def downgrade():
    raise NotImplementedError
downgrade()
