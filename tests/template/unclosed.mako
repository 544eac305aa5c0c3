x
${up_revision
